/* The Arrow C Data Interface: formats, values, and releases in any order, from any thread. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

static cjobs_error *error;

static void formats(const cjobs_table *table) {
  struct ArrowSchema schema;
  check_ok(cjobs_table_export(table, &schema, NULL, &error), &error, "a schema alone");
  check_text(schema.format, "+s", "a struct");
  check_int(schema.n_children, cjobs_table_columns(table), "a child a column");
  for (int64_t at = 0; at < schema.n_children; at++) {
    const struct ArrowSchema *child = schema.children[at];
    static const char *const known[] = {"", "U", "i", "i", "l", "b", "tsn:UTC"};
    int32_t type = cjobs_table_type(table, at);
    check_text(child->name, cjobs_table_name(table, at), "the name of child %d", (int)at);
    check_text(child->format, known[type], "the format of %s", child->name);
    check(child->flags & ARROW_FLAG_NULLABLE, "%s may be null", child->name);
    check(child->release != NULL, "%s can be released", child->name);
    if (type == CJOBS_TYPE_DICTIONARY)
      check_text(child->dictionary->format, "U", "the dictionary of %s", child->name);
    else
      check(child->dictionary == NULL, "%s has no dictionary", child->name);
  }
  schema.release(&schema);
  check(schema.release == NULL, "a released schema says so");
}

/* Whether a child's values are the table's, and how many nulls it has. */
static int same_values(const cjobs_table *table, int64_t column, const struct ArrowArray *child) {
  const uint8_t *validity = child->buffers[0];
  int wrong = 0;
  int64_t nulls = 0;
  for (int64_t row = 0; row < child->length; row++) {
    int64_t place = child->offset + row, length = 0, number = 0;
    const char *text = NULL;
    int32_t is_null = 0;
    cjobs_table_null(table, column, row, &is_null, NULL);
    int valid = validity == NULL || (validity[place / 8] >> (place % 8) & 1);
    nulls += is_null;
    if (valid == is_null) wrong++;
    if (is_null) continue;
    switch (cjobs_table_type(table, column)) {
      case CJOBS_TYPE_TEXT: {
        const int64_t *offsets = (const int64_t *)child->buffers[1] + place;
        cjobs_table_text(table, column, row, &text, &length, NULL);
        wrong += offsets[1] - offsets[0] != length ||
                 memcmp((const char *)child->buffers[2] + offsets[0], text, (size_t)length) != 0;
        break;
      }
      case CJOBS_TYPE_DICTIONARY: {
        int32_t code = ((const int32_t *)child->buffers[1])[place];
        const int64_t *offsets = (const int64_t *)child->dictionary->buffers[1] + code;
        cjobs_table_text(table, column, row, &text, &length, NULL);
        wrong += code < 0 || code >= child->dictionary->length ||
                 offsets[1] - offsets[0] != length ||
                 memcmp((const char *)child->dictionary->buffers[2] + offsets[0], text,
                        (size_t)length) != 0;
        break;
      }
      case CJOBS_TYPE_TIMESTAMP:
        cjobs_table_time(table, column, row, &number, NULL, NULL);
        wrong += ((const int64_t *)child->buffers[1])[place] != number;
        break;
      case CJOBS_TYPE_INT32:
        cjobs_table_int(table, column, row, &number, NULL, NULL);
        wrong += ((const int32_t *)child->buffers[1])[place] != number;
        break;
      case CJOBS_TYPE_INT64:
        cjobs_table_int(table, column, row, &number, NULL, NULL);
        wrong += ((const int64_t *)child->buffers[1])[place] != number;
        break;
      default:
        cjobs_table_int(table, column, row, &number, NULL, NULL);
        wrong += (((const uint8_t *)child->buffers[1])[place / 8] >> (place % 8) & 1) != number;
    }
  }
  return wrong == 0 && (child->null_count == nulls || child->null_count == -1);
}

static void values(const cjobs_table *table, const char *name) {
  struct ArrowArray array;
  check_ok(cjobs_table_export(table, NULL, &array, &error), &error, "an array of %s", name);
  check_int(array.length, cjobs_table_rows(table), "%s: its length", name);
  check_int(array.n_buffers, 1, "%s: one buffer, the validity", name);
  check_int(array.null_count, 0, "%s: no null struct", name);
  check_int(array.n_children, cjobs_table_columns(table), "%s: its children", name);
  for (int64_t at = 0; at < array.n_children; at++) {
    const struct ArrowArray *child = array.children[at];
    int32_t type = cjobs_table_type(table, at);
    check_int(child->n_buffers, type == CJOBS_TYPE_TEXT ? 3 : 2, "%s: the buffers of %s", name,
              cjobs_table_name(table, at));
    check_int(child->length, array.length, "%s: the length of %s", name,
              cjobs_table_name(table, at));
    check(same_values(table, at, child), "%s: the values of %s", name, cjobs_table_name(table, at));
  }
  array.release(&array);
  check(array.release == NULL, "a released array says so");
}

/* A consumer may take a child out and let go of the rest. */
static void moved_children(cjobs_client *client) {
  cjobs_table *table = list_works(client, "many-jobs.1000", "a table");
  struct ArrowSchema schema, schema_child;
  struct ArrowArray array, child, tag;
  int64_t key = cjobs_table_index(table, "key"), dictionary = cjobs_table_index(table, "tag");
  check_ok(cjobs_table_export(table, &schema, &array, &error), &error, "both");
  cjobs_table_free(table);
  schema_child = *schema.children[key];
  schema.children[key]->release = NULL;
  child = *array.children[key];
  array.children[key]->release = NULL;
  tag = *array.children[dictionary];
  array.children[dictionary]->release = NULL;
  schema.release(&schema);
  array.release(&array);
  check_text(schema_child.name, "key", "the child of a released schema");
  const int64_t *offsets = child.buffers[1];
  check(child.length == 1000 && offsets[1000] - offsets[999] == 4 &&
            memcmp((const char *)child.buffers[2] + offsets[999], "k999", 4) == 0,
        "the child of a released array");
  check(memcmp(tag.dictionary->buffers[2], "run_app", 7) == 0, "and its dictionary");
  schema_child.release(&schema_child);
  child.release(&child);
  tag.release(&tag);
  check(child.release == NULL && schema_child.release == NULL, "each is released on its own");
}

static void *release_it(void *data) {
  struct ArrowArray *array = data;
  const int64_t *offsets = array->children[3]->buffers[1];
  int64_t sum = 0;
  for (int64_t row = 0; row < array->length; row++) sum += offsets[row + 1] - offsets[row];
  array->release(array);
  return sum > 0 ? data : NULL;
}

/* Exports of one table, released by threads after client and table are gone. */
static void from_other_threads(void) {
  cjobs_client *client = open_client(NULL);
  cjobs_table *table = list_works(client, "many-jobs.1000", "a table");
  struct ArrowArray arrays[8];
  pthread_t threads[8];
  int good = 0;
  for (int at = 0; at < 8; at++) cjobs_table_export(table, NULL, &arrays[at], NULL);
  cjobs_table_free(table);
  cjobs_client_close(client);
  for (int at = 0; at < 8; at++) pthread_create(&threads[at], NULL, release_it, &arrays[at]);
  for (int at = 0; at < 8; at++) {
    void *result = NULL;
    pthread_join(threads[at], &result);
    good += result == &arrays[at] && arrays[at].release == NULL;
  }
  check_int(good, 8, "8 threads release 8 exports of one table");
}

static void without_a_copy(cjobs_client *client) {
  cjobs_table *table = list_works(client, "many-jobs.10", "a table");
  cjobs_column column = CJOBS_COLUMN_INIT;
  struct ArrowArray array;
  cjobs_table_column(table, 3, &column, NULL);
  cjobs_table_export(table, NULL, &array, NULL);
  check(array.children[3]->buffers[2] == column.values, "the export is the table's own memory");
  array.release(&array);
  cjobs_table_free(table);
}

int main(void) {
  cjobs_client *client = open_client(NULL);
  cjobs_table *table = list_works(client, "odd-jobs", "odd jobs"), *slice = NULL;
  formats(table);
  values(table, "odd jobs");
  check_ok(cjobs_table_slice(table, 2, 4, &slice, &error), &error, "a slice");
  values(slice, "a slice");
  cjobs_table_free(slice);
  cjobs_table_free(table);
  table = list_works(client, "no-jobs", "no jobs");
  formats(table);
  values(table, "an empty table");
  cjobs_table_free(table);
  const char *keys[] = {"ended", "k1", "unknown"};
  check_ok(cjobs_job_kill(client, "kill", keys, 3, 0, NULL, &table, &error), &error, "orders");
  formats(table);
  values(table, "kill orders");
  cjobs_table_free(table);
  moved_children(client);
  from_other_threads();
  without_a_copy(client);
  cjobs_client_close(client);
  return finish_checks();
}
