/* Tables: columns by name, values with their bounds checked, slices, and buffers that agree. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

static cjobs_error *error;

static void columns(const cjobs_table *table) {
  static const struct {
    const char *name;
    int32_t type;
  } wanted[] = {
      {"id", CJOBS_TYPE_TEXT},
      {"ppid", CJOBS_TYPE_TEXT},
      {"pid", CJOBS_TYPE_TEXT},
      {"key", CJOBS_TYPE_TEXT},
      {"remote_id", CJOBS_TYPE_TEXT},
      {"app_id", CJOBS_TYPE_TEXT},
      {"content_id", CJOBS_TYPE_TEXT},
      {"content_guid", CJOBS_TYPE_DICTIONARY},
      {"variant_id", CJOBS_TYPE_TEXT},
      {"bundle_id", CJOBS_TYPE_TEXT},
      {"start_time", CJOBS_TYPE_TIMESTAMP},
      {"end_time", CJOBS_TYPE_TIMESTAMP},
      {"last_heartbeat_time", CJOBS_TYPE_TIMESTAMP},
      {"queued_time", CJOBS_TYPE_TIMESTAMP},
      {"queue_name", CJOBS_TYPE_DICTIONARY},
      {"tag", CJOBS_TYPE_DICTIONARY},
      {"exit_code", CJOBS_TYPE_INT32},
      {"status", CJOBS_TYPE_INT32},
      {"hostname", CJOBS_TYPE_DICTIONARY},
      {"cluster", CJOBS_TYPE_DICTIONARY},
      {"image", CJOBS_TYPE_DICTIONARY},
      {"run_as", CJOBS_TYPE_DICTIONARY},
  };
  int64_t count = sizeof wanted / sizeof wanted[0];
  check(cjobs_table_columns(table) >= count, "every column of the header is there");
  for (int64_t at = 0; at < count; at++) {
    check_text(cjobs_table_name(table, at), wanted[at].name, "the name of column %d", (int)at);
    check_int(cjobs_table_index(table, wanted[at].name), at, "%s is found", wanted[at].name);
    check_int(cjobs_table_type(table, at), wanted[at].type, "the type of %s", wanted[at].name);
  }
  check_int(cjobs_table_index(table, "nothing"), -1, "no such column");
  check_int(cjobs_table_index(table, ""), -1, "no column without a name");
  check_int(cjobs_table_index(table, "\xff"), -1, "no column of other bytes");
  check(cjobs_table_name(table, -1) == NULL, "no column -1");
  check(cjobs_table_name(table, 1000) == NULL, "no column 1000");
  check_int(cjobs_table_type(table, -1), 0, "no type of column -1");
  check_int(cjobs_table_type(table, INT64_MAX), 0, "no type of the last number");
}

static void out_of_bounds(const cjobs_table *table) {
  static const int64_t places[][2] = {{-1, 0},        {0, -1},        {1000, 0},
                                      {0, 3},         {INT64_MIN, 0}, {INT64_MAX, 0},
                                      {0, INT64_MIN}, {0, INT64_MAX}};
  const char *text = NULL;
  int64_t number = 0;
  int32_t is_null = 0;
  for (size_t at = 0; at < sizeof places / sizeof places[0]; at++) {
    int64_t column = places[at][0], row = places[at][1];
    check_fails(cjobs_table_text(table, column, row, &text, &number, &error),
                CJOBS_E_INVALID_ARGUMENT, &error, "text at place %zu", at);
    check_fails(cjobs_table_int(table, column == 0 ? 16 : column, row, &number, NULL, &error),
                CJOBS_E_INVALID_ARGUMENT, &error, "a number at place %zu", at);
    check_fails(cjobs_table_time(table, column == 0 ? 10 : column, row, &number, NULL, &error),
                CJOBS_E_INVALID_ARGUMENT, &error, "a time at place %zu", at);
    check_fails(cjobs_table_null(table, column, row, &is_null, &error), CJOBS_E_INVALID_ARGUMENT,
                &error, "null at place %zu", at);
  }
}

static void other_types(const cjobs_table *table) {
  int64_t key = cjobs_table_index(table, "key"), time = cjobs_table_index(table, "start_time");
  int64_t code = cjobs_table_index(table, "exit_code"), tag = cjobs_table_index(table, "tag");
  const char *text = NULL;
  int64_t number = 0;
  check_fails(cjobs_table_int(table, key, 0, &number, NULL, &error), CJOBS_E_INVALID_ARGUMENT,
              &error, "a text is no number");
  check_fails(cjobs_table_time(table, code, 0, &number, NULL, &error), CJOBS_E_INVALID_ARGUMENT,
              &error, "a number is no time");
  check_fails(cjobs_table_int(table, time, 0, &number, NULL, &error), CJOBS_E_INVALID_ARGUMENT,
              &error, "a time is no number");
  check_fails(cjobs_table_text(table, code, 0, &text, &number, &error), CJOBS_E_INVALID_ARGUMENT,
              &error, "a number is no text");
  check_fails(cjobs_table_int(table, tag, 0, &number, NULL, &error), CJOBS_E_INVALID_ARGUMENT,
              &error, "a dictionary's text is no number");
}

static void nulls(cjobs_client *client) {
  cjobs_table *table = list_works(client, "odd-jobs", "jobs with nulls");
  const char *text = "x";
  int64_t number = 5;
  int32_t is_null = 0;
  check_ok(cjobs_table_text(table, 3, 0, &text, &number, &error), &error, "a null text");
  check(text == NULL && number == 0, "is NULL and 0");
  check_ok(cjobs_table_text(table, cjobs_table_index(table, "hostname"), 6, &text, &number, &error),
           &error, "an empty text");
  check(text != NULL && number == 0, "is not NULL, and 0");
  check_ok(cjobs_table_int(table, 16, 0, &number, &is_null, &error), &error, "a null number");
  check(number == 0 && is_null == 1, "is 0, and null");
  check_ok(cjobs_table_time(table, 10, 0, &number, &is_null, &error), &error, "a null time");
  check(number == 0 && is_null == 1, "is 0, and null");
  cjobs_table_free(table);
}

/* The text of a row, read from the buffers. */
static int agrees(const cjobs_table *table, const cjobs_column *column, int64_t index,
                  int64_t row) {
  int64_t place = column->offset + row, length = 0, number = 0;
  int32_t is_null = 0;
  const char *text = NULL;
  cjobs_table_null(table, index, row, &is_null, NULL);
  int valid = column->validity == NULL || (column->validity[place / 8] >> (place % 8) & 1);
  if (valid == is_null) return 0;
  if (is_null) return 1;
  if (column->type == CJOBS_TYPE_TEXT) {
    cjobs_table_text(table, index, row, &text, &length, NULL);
    const int64_t *offsets = column->offsets + place;
    return offsets[1] - offsets[0] == length &&
           memcmp((const char *)column->values + offsets[0], text, (size_t)length) == 0;
  }
  if (column->type == CJOBS_TYPE_DICTIONARY) {
    cjobs_table_text(table, index, row, &text, &length, NULL);
    int32_t code = ((const int32_t *)column->values)[place];
    if (code < 0 || code >= column->dictionary_length) return 0;
    const int64_t *offsets = column->dictionary_offsets + code;
    return offsets[1] - offsets[0] == length &&
           memcmp(column->dictionary_values + offsets[0], text, (size_t)length) == 0;
  }
  if (column->type == CJOBS_TYPE_TIMESTAMP) {
    cjobs_table_time(table, index, row, &number, NULL, NULL);
    return ((const int64_t *)column->values)[place] == number;
  }
  cjobs_table_int(table, index, row, &number, NULL, NULL);
  if (column->type == CJOBS_TYPE_INT32) return ((const int32_t *)column->values)[place] == number;
  if (column->type == CJOBS_TYPE_INT64) return ((const int64_t *)column->values)[place] == number;
  return (((const uint8_t *)column->values)[place / 8] >> (place % 8) & 1) == number;
}

static void buffers(const cjobs_table *table, const char *name) {
  int wrong = 0;
  for (int64_t index = 0; index < cjobs_table_columns(table); index++) {
    cjobs_column column = CJOBS_COLUMN_INIT;
    int64_t nulls = 0;
    if (cjobs_table_column(table, index, &column, &error) != CJOBS_OK) wrong++;
    if (column.length != cjobs_table_rows(table)) wrong++;
    if (column.type != cjobs_table_type(table, index)) wrong++;
    for (int64_t row = 0; row < column.length; row++) {
      int32_t is_null = 0;
      if (!agrees(table, &column, index, row)) wrong++;
      cjobs_table_null(table, index, row, &is_null, NULL);
      nulls += is_null;
    }
    if (column.null_count != nulls) wrong++;
  }
  check_int(wrong, 0, "the buffers of %s agree with the readers", name);
}

static void slices(cjobs_client *client) {
  cjobs_table *table = list_works(client, "many-jobs.100", "a hundred jobs"), *slice = NULL;
  static const int64_t bad[][2] = {
      {-1, 1},        {0, 101},      {100, 1}, {101, 0}, {1, 100}, {0, -1}, {INT64_MAX, INT64_MAX},
      {1, INT64_MAX}, {INT64_MIN, 0}};
  for (size_t at = 0; at < sizeof bad / sizeof bad[0]; at++) {
    check_fails(cjobs_table_slice(table, bad[at][0], bad[at][1], &slice, &error),
                CJOBS_E_INVALID_ARGUMENT, &error, "bad slice %zu", at);
    check(slice == NULL, "bad slice %zu is none", at);
  }
  check_ok(cjobs_table_slice(table, 100, 0, &slice, &error), &error, "an empty slice at the end");
  check_int(cjobs_table_rows(slice), 0, "no rows");
  buffers(slice, "an empty slice");
  cjobs_table_free(slice);
  check_ok(cjobs_table_slice(table, 13, 50, &slice, &error), &error, "a slice");
  cjobs_table_free(table);
  check_int(cjobs_table_rows(slice), 50, "it outlives its table");
  check_cell_text(slice, "key", 0, "k13");
  check_cell_int(slice, "exit_code", 49, 62);
  buffers(slice, "a slice");
  cjobs_table *inner = NULL;
  check_ok(cjobs_table_slice(slice, 7, 9, &inner, &error), &error, "a slice of a slice");
  cjobs_table_free(slice);
  check_cell_text(inner, "key", 8, "k28");
  buffers(inner, "a slice of a slice");
  cjobs_table_free(inner);
  table = list_works(client, "odd-jobs", "odd jobs");
  buffers(table, "odd jobs");
  check_ok(cjobs_table_slice(table, 1, 5, &slice, &error), &error, "a slice with nulls");
  buffers(slice, "a slice with nulls");
  cjobs_table_free(slice);
  cjobs_table_free(table);
}

/* Types that a job's table does not have: int64 and bool. */
static void kill_orders(cjobs_client *client) {
  const char *keys[] = {"ended", "k1", "unknown", "k2", "ended-too", "k3", "k4", "k5", "k6"};
  cjobs_table *table = NULL;
  check_ok(cjobs_job_kill(client, "kill", keys, 9, 1, NULL, &table, &error), &error, "orders");
  check_int(cjobs_table_type(table, cjobs_table_index(table, "app_id")), CJOBS_TYPE_INT64, "int64");
  check_int(cjobs_table_type(table, cjobs_table_index(table, "ended")), CJOBS_TYPE_BOOL, "bool");
  buffers(table, "kill orders");
  cjobs_table_free(table);
}

static void without_rows(cjobs_client *client) {
  cjobs_table *table = list_works(client, "no-jobs", "an empty table");
  check_int(cjobs_table_rows(table), 0, "no rows");
  check_int(cjobs_table_columns(table), 22, "all columns");
  buffers(table, "an empty table");
  cjobs_table_free(table);
}

int main(void) {
  cjobs_client *client = open_client(NULL);
  cjobs_table *table = list_works(client, "many-jobs.3", "a table");
  columns(table);
  out_of_bounds(table);
  other_types(table);
  buffers(table, "three jobs");
  cjobs_table_free(table);
  nulls(client);
  slices(client);
  kill_orders(client);
  without_rows(client);
  cjobs_client_close(client);
  return finish_checks();
}
