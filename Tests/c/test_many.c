/* The jobs of many content items at once: in the order asked for, failures as rows of their own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

static cjobs_error *error;

static void in_order(cjobs_client *client, int32_t max_concurrent) {
  const char *guids[] = {"slow.60",  "error.404.4", "many-jobs.3", "no-jobs",
                         "html.502", "cut.length",  "fine"};
  static const int64_t of[] = {0, 0, 1, 2, 2, 2, 4, 5, 6, 6};
  cjobs_table *table = NULL;
  check_ok(cjobs_jobs_list_many(client, guids, 7, max_concurrent, NULL, &table, &error), &error,
           "seven items, %d at once", (int)max_concurrent);
  check_int(cjobs_table_rows(table), 10, "ten rows");
  for (int64_t row = 0; row < 10; row++)
    check_cell_text(table, "requested_guid", row, guids[of[row]]);
  check_cell_text(table, "key", 0, "k1");
  check_cell_null(table, "error", 0);
  check_cell_null(table, "error_status", 0);
  check_cell_null(table, "key", 2);
  check_cell_int(table, "error_status", 2, CJOBS_E_NOT_FOUND);
  check_cell_int(table, "error_code", 2, 4);
  check_has(cell(table, "error", 2), "Connect's words", "the row says why");
  check_cell_int(table, "error_status", 6, CJOBS_E_SERVER);
  check_cell_null(table, "error_code", 6);
  check_cell_int(table, "error_status", 7, CJOBS_E_NETWORK);
  check_cell_text(table, "key", 9, "k2");
  check_cell_int(table, "status", 9, 2);
  check_cell_time(table, "start_time", 9, 1732573574000000000);
  cjobs_table_free(table);
}

/* Two hundred items that take 50 ms each, 50 at once. */
static void at_once(cjobs_client *client) {
  static char texts[200][32];
  const char *guids[200];
  cjobs_table *table = NULL;
  for (int at = 0; at < 200; at++) {
    snprintf(texts[at], sizeof texts[0], "slow.50~many%d", at);
    guids[at] = texts[at];
  }
  int64_t start = now_ms();
  check_ok(cjobs_jobs_list_many(client, guids, 200, 50, NULL, &table, &error), &error, "200 items");
  int64_t took = now_ms() - start;
  check_int(cjobs_table_rows(table), 400, "all rows");
  check(took < 5000, "they were asked at the same time (%d ms, not 10 s)", (int)took);
  cjobs_table_free(table);
}

static void the_whole_call(cjobs_client *client) {
  const char *guids[] = {"fine", "stall.before", "fine"};
  cjobs_call_options call = CJOBS_CALL_OPTIONS_INIT;
  cjobs_table *table = NULL;
  call.timeout_ms = 200;
  check_fails(cjobs_jobs_list_many(client, guids, 3, 0, &call, &table, &error), CJOBS_E_TIMED_OUT,
              &error, "the call's timeout");
  check(table == NULL, "no table");
  call.timeout_ms = 0;
  cjobs_cancel *cancel = NULL;
  cjobs_cancel_new(&cancel, NULL);
  cjobs_cancel_signal(cancel);
  call.cancel = cancel;
  check_fails(cjobs_jobs_list_many(client, guids, 3, 0, &call, &table, &error), CJOBS_E_CANCELLED,
              &error, "a token that was signalled before");
  cjobs_cancel_free(cancel);
}

int main(void) {
  cjobs_client *client = open_client(NULL);
  in_order(client, 0);
  in_order(client, 1);
  in_order(client, 2);
  at_once(client);
  the_whole_call(client);
  check_usable(client, "all that");
  cjobs_client_close(client);
  return finish_checks();
}
