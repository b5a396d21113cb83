/* Rows taken by their numbers, and texts in one piece. */
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

static cjobs_error *error;

/* Whether two cells hold the same, whatever their type. */
static int same_cell(const cjobs_table *a, int64_t row_a, const cjobs_table *b, int64_t row_b,
                     int64_t column) {
  const char *text_a = NULL, *text_b = NULL;
  int64_t length_a = 0, length_b = 0;
  int32_t null_a = 0, null_b = 0;
  cjobs_table_null(a, column, row_a, &null_a, NULL);
  cjobs_table_null(b, column, row_b, &null_b, NULL);
  if (null_a || null_b) return null_a == null_b;
  switch (cjobs_table_type(a, column)) {
    case CJOBS_TYPE_TEXT:
    case CJOBS_TYPE_DICTIONARY:
      cjobs_table_text(a, column, row_a, &text_a, &length_a, NULL);
      cjobs_table_text(b, column, row_b, &text_b, &length_b, NULL);
      return length_a == length_b && memcmp(text_a, text_b, (size_t)length_a) == 0;
    case CJOBS_TYPE_TIMESTAMP:
      cjobs_table_time(a, column, row_a, &length_a, NULL, NULL);
      cjobs_table_time(b, column, row_b, &length_b, NULL, NULL);
      return length_a == length_b;
    default:
      cjobs_table_int(a, column, row_a, &length_a, NULL, NULL);
      cjobs_table_int(b, column, row_b, &length_b, NULL, NULL);
      return length_a == length_b;
  }
}

static void takes(const cjobs_table *table, const int64_t *rows, int64_t count, const char *name) {
  cjobs_table *taken = NULL;
  int64_t wrong = 0;
  check_ok(cjobs_table_take(table, rows, count, &taken, &error), &error, "%s", name);
  check_int(cjobs_table_rows(taken), count, "%s: the number of rows", name);
  check_int(cjobs_table_columns(taken), cjobs_table_columns(table), "%s: all columns", name);
  for (int64_t column = 0; column < cjobs_table_columns(table); column++)
    for (int64_t row = 0; row < count; row++)
      wrong += !same_cell(table, rows[row], taken, row, column);
  check_int(wrong, 0, "%s: every cell is the one that was taken", name);
  cjobs_table_free(taken);
}

static void rows_by_number(cjobs_client *client) {
  static const int64_t some[] = {5, 0, 3, 3, 1}, none[] = {0}, last[] = {5};
  cjobs_table *table = list_works(client, "odd-jobs", "odd jobs"), *slice = NULL, *taken = NULL;
  takes(table, some, 5, "rows in another order, one twice");
  takes(table, none, 0, "no row");
  takes(table, last, 1, "one row");
  check_ok(cjobs_table_take(table, NULL, 0, &taken, &error), &error, "no list and no row");
  cjobs_table_free(taken);
  check_ok(cjobs_table_slice(table, 1, 4, &slice, &error), &error, "a slice");
  static const int64_t of_slice[] = {3, 0, 2};
  takes(slice, of_slice, 3, "rows of a slice");
  cjobs_table_free(slice);
  const char *keys[] = {"ended", "k1", "unknown", "k2"};
  cjobs_table *orders = NULL;
  check_ok(cjobs_job_kill(client, "kill", keys, 4, 1, NULL, &orders, &error), &error, "orders");
  static const int64_t of_orders[] = {2, 1, 3, 0};
  takes(orders, of_orders, 4, "rows with int64 and bool");
  check_ok(cjobs_table_take(orders, of_orders, 2, &taken, &error), &error, "two orders");
  cjobs_table_free(orders);
  check_cell_text(taken, "job_key", 0, "unknown");
  cjobs_table_free(taken);
  cjobs_table_free(table);
}

static void refused(cjobs_client *client) {
  cjobs_table *table = list_works(client, "many-jobs.3", "three jobs"), *taken = NULL;
  static const int64_t bad[][2] = {{0, 3}, {-1, 0}, {INT64_MAX, 0}, {INT64_MIN, 0}};
  for (size_t at = 0; at < sizeof bad / sizeof bad[0]; at++) {
    check_fails(cjobs_table_take(table, bad[at], 2, &taken, &error), CJOBS_E_INVALID_ARGUMENT,
                &error, "bad rows %zu", at);
    check(taken == NULL, "bad rows %zu give none", at);
  }
  check_fails(cjobs_table_take(table, bad[0], -1, &taken, &error), CJOBS_E_INVALID_ARGUMENT, &error,
              "a negative number of rows");
  check_fails(cjobs_table_take(table, NULL, 1, &taken, &error), CJOBS_E_INVALID_ARGUMENT, &error,
              "no list");
  cjobs_table_free(table);
}

static void joins(const cjobs_table *table, const char *column, int64_t first, int64_t count,
                  const char *wanted) {
  char buffer[256];
  int64_t length = -1, index = cjobs_table_index(table, column);
  memset(buffer, '?', sizeof buffer);
  check_ok(cjobs_table_join(table, index, first, count, '|', NULL, 0, &length, &error), &error,
           "how long %s will be", column);
  check_int(length, (int64_t)strlen(wanted), "the length of %s", column);
  check_ok(cjobs_table_join(table, index, first, count, '|', buffer, length - 1, &length, &error),
           &error, "a buffer that is too small");
  check(buffer[0] == '?', "it is left as it was");
  check_ok(
      cjobs_table_join(table, index, first, count, '|', buffer, sizeof buffer, &length, &error),
      &error, "%s in one piece", column);
  check(memcmp(buffer, wanted, strlen(wanted)) == 0, "%s is %s", column, wanted);
  check(buffer[strlen(wanted)] == '?', "and nothing beyond is written");
}

static void texts_in_one_piece(cjobs_client *client) {
  cjobs_table *table = list_works(client, "many-jobs.12", "twelve jobs"), *slice = NULL;
  int64_t length = 0, status = cjobs_table_index(table, "status");
  joins(table, "key", 0, 3, "k0|k1|k2|");
  joins(table, "key", 9, 3, "k9|k10|k11|");
  joins(table, "tag", 0, 2, "run_app|run_app|");
  joins(table, "cluster", 0, 3, "|||");
  check_ok(cjobs_table_slice(table, 10, 2, &slice, &error), &error, "a slice");
  joins(slice, "key", 1, 1, "k11|");
  check_fails(cjobs_table_join(slice, 0, 1, 2, '|', NULL, 0, &length, &error),
              CJOBS_E_INVALID_ARGUMENT, &error, "rows that are not there");
  check_fails(cjobs_table_join(slice, status, 0, 1, '|', NULL, 0, &length, &error),
              CJOBS_E_INVALID_ARGUMENT, &error, "a column of numbers");
  check_fails(cjobs_table_join(slice, 99, 0, 1, '|', NULL, 0, &length, &error),
              CJOBS_E_INVALID_ARGUMENT, &error, "a column that is not there");
  cjobs_table_free(slice);
  cjobs_table_free(table);
}

int main(void) {
  cjobs_client *client = open_client(NULL);
  rows_by_number(client);
  refused(client);
  texts_in_one_piece(client);
  cjobs_client_close(client);
  return finish_checks();
}
