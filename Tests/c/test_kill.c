/* Kill orders: one row a key, each order sent at most once, and never "all" by mistake. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

static cjobs_error *error;

static cjobs_client *persistent(void) {
  cjobs_client_options options = plain_options();
  options.max_retries = 3;
  return open_client(&options);
}

static void a_row_a_key(cjobs_client *client) {
  const char *keys[] = {"k1", "ended", "unknown", "broken", "k2", "k1"};
  static const cjobs_status statuses[] = {0, CJOBS_E_CONFLICT, CJOBS_E_NOT_FOUND, CJOBS_E_SERVER, 0,
                                          0};
  static const int64_t codes[] = {0, 163, 4, 1, 0, 0};
  cjobs_table *table = NULL;
  check_ok(cjobs_job_kill(client, "kill", keys, 6, 0, NULL, &table, &error), &error,
           "failures of single orders do not fail the call");
  check_int(cjobs_table_rows(table), 6, "a row a key");
  for (int64_t row = 0; row < 6; row++) {
    check_cell_text(table, "job_key", row, keys[row]);
    check_cell_null(table, "ended", row);
    if (statuses[row] == 0) {
      check_cell_text(table, "result", row, "Order to kill job registered");
      check_cell_text(table, "order_guid", row, "order-1");
      check_cell_text(table, "app_guid", row, "g");
      check_cell_int(table, "app_id", row, 7);
      check_cell_int(table, "job_id", row, 40);
      check_cell_null(table, "error", row);
      check_cell_null(table, "error_status", row);
      check_cell_null(table, "code", row);
    } else {
      check_cell_null(table, "result", row);
      check_cell_int(table, "code", row, codes[row]);
      check_cell_int(table, "error_status", row, statuses[row]);
      check(cell(table, "error", row)[0] != '\0', "the row says why");
    }
  }
  cjobs_table_free(table);
}

/* Whatever happens to the answer, the order is not repeated. */
static void sent_once(void) {
  static const char *const keys[] = {"cut", "reset", "busy", "broken"};
  static const cjobs_status statuses[] = {CJOBS_E_NETWORK, CJOBS_E_NETWORK, CJOBS_E_SERVER,
                                          CJOBS_E_SERVER};
  cjobs_client *client = persistent();
  for (size_t at = 0; at < sizeof keys / sizeof keys[0]; at++) {
    const char *guid = marked("kill");
    cjobs_table *table = NULL;
    check_ok(cjobs_job_kill(client, guid, &keys[at], 1, 0, NULL, &table, &error), &error,
             "an order that is %s", keys[at]);
    check_cell_int(table, "error_status", 0, statuses[at]);
    cjobs_table_free(table);
    check_int(count_requests(guid, "DELETE"), 1, "%s: sent exactly once", keys[at]);
  }
  cjobs_client_close(client);
}

/* libcurl repeats a request by itself where a kept connection turns out dead: not this one. */
static void sent_once_on_a_kept_connection(void) {
  const char *key = "k1";
  cjobs_client *client = persistent();
  cjobs_table *table = NULL;
  for (int round = 0; round < 5; round++) {
    const char *guid = marked("kill-kept");
    cjobs_table_free(list_works(client, guid, "a connection is kept"));
    check_ok(cjobs_job_kill(client, guid, &key, 1, 0, NULL, &table, &error), &error,
             "an order that is cut");
    check_cell_int(table, "error_status", 0, CJOBS_E_NETWORK);
    cjobs_table_free(table);
    check_int(count_requests(guid, "DELETE"), 1, "sent exactly once");
  }
  const char *guid = marked("kill-silent");
  cjobs_table_free(list_works(client, guid, "a connection that is closed in silence"));
  sleep_ms(20);
  check_ok(cjobs_job_kill(client, guid, &key, 1, 0, NULL, &table, &error), &error, "an order");
  check_cell_null(table, "error_status", 0);
  cjobs_table_free(table);
  check_int(count_requests(guid, "DELETE"), 1, "it arrived, once");
  cjobs_client_close(client);
}

/* 429 says that nothing was done. */
static void again_after_429(void) {
  const char *guid = marked("busy.429.1.0"), *key = "k1";
  cjobs_client *client = persistent();
  cjobs_table *table = NULL;
  check_ok(cjobs_job_kill(client, guid, &key, 1, 0, NULL, &table, &error), &error, "after a 429");
  check_cell_text(table, "result", 0, "Order to kill job registered");
  cjobs_table_free(table);
  check_int(count_requests(guid, "DELETE"), 2, "a refused order is sent again");
  cjobs_client_close(client);
}

static void none_means_none(cjobs_client *client) {
  const char *guid = marked("kill-slowly.0"), *key = "k1";
  cjobs_table *table = NULL;
  check_ok(cjobs_job_kill(client, guid, &key, 0, 1000, NULL, &table, &error), &error, "no keys");
  check_int(cjobs_table_rows(table), 0, "no row");
  check_int(cjobs_table_columns(table), 10, "but its columns");
  cjobs_table_free(table);
  check_int(count_requests(guid, ""), 0, "nothing was sent");
}

static void all_that_are_active(cjobs_client *client) {
  const char *guid = marked("kill-slowly.0");
  cjobs_table *table = NULL;
  check_ok(cjobs_job_kill_active(client, guid, 0, NULL, &table, &error), &error, "kill_active");
  check_int(cjobs_table_rows(table), 2, "only the active jobs");
  check_cell_text(table, "job_key", 0, "a1");
  check_cell_text(table, "job_key", 1, "a2");
  cjobs_table_free(table);
  check_int(count_requests(guid, "DELETE"), 2, "an order each");
  guid = marked("no-jobs");
  check_ok(cjobs_job_kill_active(client, guid, 1000, NULL, &table, &error), &error, "of none");
  check_int(cjobs_table_rows(table), 0, "no row");
  cjobs_table_free(table);
  check_int(count_requests(guid, "DELETE"), 0, "no order");
}

static void confirmed(cjobs_client *client) {
  const char *guid = marked("kill-slowly.2"), *key = "k1";
  cjobs_table *table = NULL;
  check_ok(cjobs_job_kill(client, guid, &key, 1, 10000, NULL, &table, &error), &error,
           "an order with a wait");
  check_cell_int(table, "ended", 0, 1);
  cjobs_table_free(table);
  int64_t start = now_ms();
  guid = marked("kill-slowly.1000");
  check_ok(cjobs_job_kill(client, guid, &key, 1, 300, NULL, &table, &error), &error,
           "a job that does not end");
  check_cell_int(table, "ended", 0, 0);
  cjobs_table_free(table);
  check(now_ms() - start < 5000, "the wait ends");
  key = "ended";
  check_ok(cjobs_job_kill(client, "kill", &key, 1, 300, NULL, &table, &error), &error,
           "a job that has ended before");
  check_cell_int(table, "ended", 0, 1);
  check_cell_int(table, "error_status", 0, CJOBS_E_CONFLICT);
  cjobs_table_free(table);
}

static void waiting(cjobs_client *client) {
  cjobs_table *table = NULL;
  check_ok(cjobs_job_wait(client, marked("ends-after.2"), "k1", CJOBS_UNTIL_FINISHED, 10000, NULL,
                          &table, &error),
           &error, "until finished");
  check_cell_int(table, "status", 0, CJOBS_JOB_FINISHED);
  cjobs_table_free(table);
  check_ok(cjobs_job_wait(client, marked("ends-after.1"), "k1", CJOBS_UNTIL_FINALIZED, -1, NULL,
                          &table, &error),
           &error, "until finalized");
  check_cell_int(table, "status", 0, CJOBS_JOB_FINALIZED);
  cjobs_table_free(table);
  const char *guid = marked("ends-after.1000");
  check_int(cjobs_job_wait(client, guid, "k1", CJOBS_UNTIL_FINISHED, 0, NULL, &table, &error),
            CJOBS_TIMEOUT, "one look");
  check(table == NULL && error == NULL, "no table and no error where it is not so far");
  check_int(count_requests(guid, "GET"), 1, "one look is one request");
  int64_t start = now_ms();
  check_int(cjobs_job_wait(client, guid, "k1", CJOBS_UNTIL_FINISHED, 300, NULL, &table, &error),
            CJOBS_TIMEOUT, "300 ms");
  check(now_ms() - start >= 250 && now_ms() - start < 5000, "they are waited for");
}

int main(void) {
  cjobs_client *client = open_client(NULL);
  a_row_a_key(client);
  sent_once();
  sent_once_on_a_kept_connection();
  again_after_429();
  none_means_none(client);
  all_that_are_active(client);
  confirmed(client);
  waiting(client);
  cjobs_client_close(client);
  return finish_checks();
}
