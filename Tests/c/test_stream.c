/* Arrow streams: of a table, and of a tail that is read as it is pulled. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "fixture.h"

static cjobs_error *error;
static const char *const key = "k1";

static cjobs_tail *open_tail(cjobs_client *client, const char *guid) {
  cjobs_tail_options options = CJOBS_TAIL_OPTIONS_INIT;
  cjobs_tail *tail = NULL;
  options.max_batch_rows = 100;
  check_ok(cjobs_tail_open(client, &guid, &key, 1, &options, NULL, &tail, &error), &error,
           "a tail of %s opens", guid);
  return tail;
}

static void of_a_table(cjobs_client *client) {
  cjobs_table *table = list_works(client, "many-jobs.1000", "a table");
  struct ArrowArrayStream stream;
  struct ArrowSchema schema;
  struct ArrowArray array;
  check_ok(cjobs_table_stream(table, &stream, &error), &error, "a stream of a table");
  cjobs_table_free(table);
  check_int(stream.get_schema(&stream, &schema), 0, "its schema");
  check_int(schema.n_children, 22, "has all columns");
  schema.release(&schema);
  check_int(stream.get_next(&stream, &array), 0, "its array");
  check_int(array.length, 1000, "has all rows");
  array.release(&array);
  for (int round = 0; round < 2; round++) {
    check_int(stream.get_next(&stream, &array), 0, "after it");
    check(array.release == NULL, "comes the end");
  }
  check_int(stream.get_schema(&stream, &schema), 0, "the schema is there at the end, too");
  schema.release(&schema);
  check(stream.get_last_error(&stream) == NULL, "nothing failed");
  stream.release(&stream);
  check(stream.release == NULL, "a released stream says so");
}

static void of_an_empty_table(cjobs_client *client) {
  cjobs_table *table = list_works(client, "no-jobs", "no jobs");
  struct ArrowArrayStream stream;
  struct ArrowArray array;
  check_ok(cjobs_table_stream(table, &stream, &error), &error, "a stream of no rows");
  cjobs_table_free(table);
  check_int(stream.get_next(&stream, &array), 0, "its array");
  check(array.release != NULL && array.length == 0, "has no row");
  array.release(&array);
  stream.release(&stream);
}

/* Counts the rows, and the texts that are not "line N". */
static int64_t read_on(struct ArrowArrayStream *stream, int64_t *wrong, int *result) {
  struct ArrowArray array;
  int64_t rows = 0;
  while ((*result = stream->get_next(stream, &array)) == 0 && array.release != NULL) {
    const struct ArrowArray *data = array.children[4];
    const int64_t *offsets = (const int64_t *)data->buffers[1] + data->offset;
    for (int64_t row = 0; row < array.length; row++, rows++) {
      char wanted[32];
      snprintf(wanted, sizeof wanted, "line %d", (int)rows);
      *wrong += offsets[row + 1] - offsets[row] != (int64_t)strlen(wanted) ||
                memcmp((const char *)data->buffers[2] + offsets[row], wanted, strlen(wanted)) != 0;
    }
    array.release(&array);
  }
  return rows;
}

static void of_a_tail(cjobs_client *client) {
  cjobs_tail *tail = open_tail(client, "tail.lines.1000");
  cjobs_table *table = NULL;
  struct ArrowArrayStream stream, second;
  struct ArrowSchema schema;
  int64_t wrong = 0;
  int result = 0;
  check_ok(cjobs_tail_stream(tail, &stream, &error), &error, "a stream of a tail");
  check_int(stream.get_schema(&stream, &schema), 0, "its schema, before anything came");
  check_int(schema.n_children, 5, "is that of a log");
  check_text(schema.children[4]->name, "data", "with the text last");
  schema.release(&schema);
  check_fails(cjobs_tail_next(tail, 0, &table, &error), CJOBS_E_CLOSED, &error,
              "next of a tail that was handed over");
  check_fails(cjobs_tail_stream(tail, &second, &error), CJOBS_E_CLOSED, &error,
              "a second stream of it");
  check_int(read_on(&stream, &wrong, &result), 1000, "every entry comes");
  check_int(wrong, 0, "in order");
  check_int(result, 0, "and the stream ends well");
  check_ok(cjobs_tail_summary(tail, &table, &error), &error, "the summary still works");
  check_cell_text(table, "end_reason", 0, "finalized");
  check_cell_int(table, "entries", 0, 1000);
  cjobs_table_free(table);
  stream.release(&stream);
  cjobs_tail_close(tail);
}

static void of_a_tail_that_fails(cjobs_client *client) {
  cjobs_tail *tail = open_tail(client, "error.403.22");
  struct ArrowArrayStream stream;
  struct ArrowArray array;
  check_ok(cjobs_tail_stream(tail, &stream, &error), &error, "a stream of a job that is not ours");
  cjobs_tail_close(tail);
  for (int round = 0; round < 2; round++) {
    check_int(stream.get_next(&stream, &array), EACCES, "it fails with an errno");
    check(stream.get_last_error(&stream) != NULL &&
              strstr(stream.get_last_error(&stream), "403") != NULL,
          "and says why");
  }
  stream.release(&stream);
}

static void *release_it(void *data) {
  struct ArrowArrayStream *stream = data;
  stream->release(stream);
  return NULL;
}

/* The tail's requests end with the stream, on whatever thread, whether all was read or not. */
static void released_early(cjobs_client *client) {
  for (int round = 0; round < 20; round++) {
    cjobs_tail *tail = open_tail(client, "tail-endless");
    struct ArrowArrayStream stream;
    struct ArrowArray array;
    pthread_t thread;
    check_ok(cjobs_tail_stream(tail, &stream, &error), &error, "a stream without an end");
    if (round % 2 == 0) cjobs_tail_close(tail);
    for (int batch = 0; batch < round % 4; batch++) {
      check_int(stream.get_next(&stream, &array), 0, "a batch");
      array.release(&array);
    }
    pthread_create(&thread, NULL, release_it, &stream);
    pthread_join(thread, NULL);
    check(stream.release == NULL, "it is released in the midst");
    if (round % 2 == 1) cjobs_tail_close(tail);
  }
}

static void cancelled(cjobs_client *client) {
  cjobs_tail *tail = open_tail(client, "tail-endless");
  struct ArrowArrayStream stream;
  struct ArrowArray array;
  check_ok(cjobs_tail_stream(tail, &stream, &error), &error, "a stream");
  check_int(stream.get_next(&stream, &array), 0, "a batch");
  array.release(&array);
  cjobs_tail_cancel(tail);
  check_int(stream.get_next(&stream, &array), ECANCELED, "its tail was cancelled");
  check(stream.get_last_error(&stream) != NULL, "it says so");
  stream.release(&stream);
  cjobs_tail_close(tail);
}

int main(void) {
  cjobs_client *client = open_client(NULL);
  of_a_table(client);
  of_an_empty_table(client);
  of_a_tail(client);
  of_a_tail_that_fails(client);
  released_early(client);
  cancelled(client);
  cjobs_client_close(client);
  return finish_checks();
}
