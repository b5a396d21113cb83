/* NULL for every handle, text and out-parameter of every function: an error, never a crash. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

static const char *const guid = "fine", *const key = "k1";
static cjobs_error *error;

/* Each is one call: with an error pointer it must fail with a sentence, without it fail the same.
 */
#define REFUSED(call_with_error, call_without)                                  \
  do {                                                                          \
    error = NULL;                                                               \
    cjobs_status got = call_with_error;                                         \
    check_fails(got, CJOBS_E_INVALID_ARGUMENT, &error, "%s", #call_with_error); \
    check_int(call_without, CJOBS_E_INVALID_ARGUMENT, "%s", #call_without);     \
  } while (0)

static void handles(void) {
  cjobs_table *table = NULL;
  cjobs_tail *tail = NULL;
  REFUSED(cjobs_content_list(NULL, NULL, NULL, &table, &error),
          cjobs_content_list(NULL, NULL, NULL, &table, NULL));
  REFUSED(cjobs_jobs_list(NULL, guid, NULL, &table, &error),
          cjobs_jobs_list(NULL, guid, NULL, &table, NULL));
  REFUSED(cjobs_jobs_list_many(NULL, &guid, 1, 0, NULL, &table, &error),
          cjobs_jobs_list_many(NULL, &guid, 1, 0, NULL, &table, NULL));
  REFUSED(cjobs_job_get(NULL, guid, key, NULL, &table, &error),
          cjobs_job_get(NULL, guid, key, NULL, &table, NULL));
  REFUSED(cjobs_job_log(NULL, guid, key, 0, NULL, &table, &error),
          cjobs_job_log(NULL, guid, key, 0, NULL, &table, NULL));
  REFUSED(cjobs_job_error(NULL, guid, key, NULL, &table, &error),
          cjobs_job_error(NULL, guid, key, NULL, &table, NULL));
  REFUSED(cjobs_job_kill(NULL, guid, &key, 1, 0, NULL, &table, &error),
          cjobs_job_kill(NULL, guid, &key, 1, 0, NULL, &table, NULL));
  REFUSED(cjobs_job_kill_active(NULL, guid, 0, NULL, &table, &error),
          cjobs_job_kill_active(NULL, guid, 0, NULL, &table, NULL));
  REFUSED(cjobs_job_wait(NULL, guid, key, CJOBS_UNTIL_FINISHED, 0, NULL, &table, &error),
          cjobs_job_wait(NULL, guid, key, CJOBS_UNTIL_FINISHED, 0, NULL, &table, NULL));
  REFUSED(cjobs_job_download_file(NULL, guid, key, "x", 0, NULL, NULL, NULL, &error),
          cjobs_job_download_file(NULL, guid, key, "x", 0, NULL, NULL, NULL, NULL));
  REFUSED(cjobs_tail_open(NULL, &guid, &key, 1, NULL, NULL, &tail, &error),
          cjobs_tail_open(NULL, &guid, &key, 1, NULL, NULL, &tail, NULL));
  REFUSED(cjobs_tail_next(NULL, 0, &table, &error), cjobs_tail_next(NULL, 0, &table, NULL));
  REFUSED(cjobs_tail_summary(NULL, &table, &error), cjobs_tail_summary(NULL, &table, NULL));
}

static int swallow(const void *bytes, size_t length, void *user_data) {
  (void)bytes, (void)length, (void)user_data;
  return 0;
}

static void texts(cjobs_client *client) {
  const char *const none[] = {NULL};
  cjobs_table *table = NULL;
  cjobs_tail *tail = NULL;
  REFUSED(cjobs_jobs_list(client, NULL, NULL, &table, &error),
          cjobs_jobs_list(client, NULL, NULL, &table, NULL));
  REFUSED(cjobs_jobs_list_many(client, NULL, 1, 0, NULL, &table, &error),
          cjobs_jobs_list_many(client, NULL, 1, 0, NULL, &table, NULL));
  REFUSED(cjobs_jobs_list_many(client, none, 1, 0, NULL, &table, &error),
          cjobs_jobs_list_many(client, none, 1, 0, NULL, &table, NULL));
  REFUSED(cjobs_job_get(client, NULL, key, NULL, &table, &error),
          cjobs_job_get(client, guid, NULL, NULL, &table, NULL));
  REFUSED(cjobs_job_log(client, NULL, key, 0, NULL, &table, &error),
          cjobs_job_log(client, guid, NULL, 0, NULL, &table, NULL));
  REFUSED(cjobs_job_error(client, NULL, key, NULL, &table, &error),
          cjobs_job_error(client, guid, NULL, NULL, &table, NULL));
  REFUSED(cjobs_job_kill(client, NULL, &key, 1, 0, NULL, &table, &error),
          cjobs_job_kill(client, guid, NULL, 1, 0, NULL, &table, NULL));
  REFUSED(cjobs_job_kill(client, guid, none, 1, 0, NULL, &table, &error),
          cjobs_job_kill(client, NULL, none, 1, 0, NULL, &table, NULL));
  REFUSED(cjobs_job_kill_active(client, NULL, 0, NULL, &table, &error),
          cjobs_job_kill_active(client, NULL, 0, NULL, &table, NULL));
  REFUSED(cjobs_job_wait(client, NULL, key, CJOBS_UNTIL_FINISHED, 0, NULL, &table, &error),
          cjobs_job_wait(client, guid, NULL, CJOBS_UNTIL_FINISHED, 0, NULL, &table, NULL));
  REFUSED(cjobs_job_download(client, guid, key, NULL, NULL, NULL, NULL, NULL, &error),
          cjobs_job_download(client, guid, NULL, NULL, swallow, NULL, NULL, NULL, NULL));
  REFUSED(cjobs_job_download_file(client, guid, key, NULL, 0, NULL, NULL, NULL, &error),
          cjobs_job_download_file(client, NULL, key, "x", 0, NULL, NULL, NULL, NULL));
  REFUSED(cjobs_tail_open(client, NULL, &key, 1, NULL, NULL, &tail, &error),
          cjobs_tail_open(client, none, &key, 1, NULL, NULL, &tail, NULL));
}

static void out_parameters(cjobs_client *client) {
  const char *sent = marked("fine");
  REFUSED(cjobs_client_open(NULL, NULL, &error), cjobs_client_open(NULL, NULL, NULL));
  REFUSED(cjobs_cancel_new(NULL, &error), cjobs_cancel_new(NULL, NULL));
  REFUSED(cjobs_content_list(client, sent, NULL, NULL, &error),
          cjobs_content_list(client, sent, NULL, NULL, NULL));
  REFUSED(cjobs_jobs_list(client, sent, NULL, NULL, &error),
          cjobs_jobs_list(client, sent, NULL, NULL, NULL));
  REFUSED(cjobs_jobs_list_many(client, &sent, 1, 0, NULL, NULL, &error),
          cjobs_jobs_list_many(client, &sent, 1, 0, NULL, NULL, NULL));
  REFUSED(cjobs_job_get(client, sent, key, NULL, NULL, &error),
          cjobs_job_get(client, sent, key, NULL, NULL, NULL));
  REFUSED(cjobs_job_log(client, sent, key, 0, NULL, NULL, &error),
          cjobs_job_log(client, sent, key, 0, NULL, NULL, NULL));
  REFUSED(cjobs_job_error(client, sent, key, NULL, NULL, &error),
          cjobs_job_error(client, sent, key, NULL, NULL, NULL));
  REFUSED(cjobs_job_kill(client, sent, &key, 1, 0, NULL, NULL, &error),
          cjobs_job_kill(client, sent, &key, 1, 0, NULL, NULL, NULL));
  REFUSED(cjobs_job_kill_active(client, sent, 0, NULL, NULL, &error),
          cjobs_job_kill_active(client, sent, 0, NULL, NULL, NULL));
  REFUSED(cjobs_job_wait(client, sent, key, CJOBS_UNTIL_FINISHED, 0, NULL, NULL, &error),
          cjobs_job_wait(client, sent, key, CJOBS_UNTIL_FINISHED, 0, NULL, NULL, NULL));
  REFUSED(cjobs_tail_open(client, &sent, &key, 1, NULL, NULL, NULL, &error),
          cjobs_tail_open(client, &sent, &key, 1, NULL, NULL, NULL, NULL));
  check_int(count_requests(sent, ""), 0, "nothing was sent");
}

static void tables(cjobs_client *client) {
  cjobs_table *table = list_works(client, guid, "a table to read"), *slice = NULL;
  cjobs_column column = CJOBS_COLUMN_INIT;
  const char *text = NULL;
  int64_t number = 0;
  int32_t is_null = 0;
  int64_t time = cjobs_table_index(table, "start_time"),
          status = cjobs_table_index(table, "status");
  REFUSED(cjobs_table_null(NULL, 0, 0, &is_null, &error),
          cjobs_table_null(table, 0, 0, NULL, NULL));
  REFUSED(cjobs_table_text(NULL, 0, 0, &text, &number, &error),
          cjobs_table_text(table, 0, 0, NULL, &number, NULL));
  REFUSED(cjobs_table_text(table, 0, 0, &text, NULL, &error),
          cjobs_table_text(table, 0, 0, NULL, NULL, NULL));
  REFUSED(cjobs_table_int(NULL, status, 0, &number, NULL, &error),
          cjobs_table_int(table, status, 0, NULL, NULL, NULL));
  REFUSED(cjobs_table_time(NULL, time, 0, &number, NULL, &error),
          cjobs_table_time(table, time, 0, NULL, NULL, NULL));
  REFUSED(cjobs_table_column(NULL, 0, &column, &error), cjobs_table_column(table, 0, NULL, NULL));
  REFUSED(cjobs_table_slice(NULL, 0, 0, &slice, &error),
          cjobs_table_slice(table, 0, 0, NULL, NULL));
  REFUSED(cjobs_table_export(NULL, NULL, NULL, &error), cjobs_table_export(NULL, NULL, NULL, NULL));
  check_int(cjobs_table_export(table, NULL, NULL, NULL), CJOBS_OK, "an export of nothing");
  REFUSED(cjobs_table_stream(NULL, NULL, &error), cjobs_table_stream(table, NULL, NULL));
  REFUSED(cjobs_table_take(NULL, NULL, 0, &slice, &error),
          cjobs_table_take(table, NULL, 0, NULL, NULL));
  REFUSED(cjobs_table_join(NULL, 0, 0, 0, 0, NULL, 0, &number, &error),
          cjobs_table_join(table, 0, 0, 0, 0, NULL, 0, NULL, NULL));
  check_int(cjobs_table_index(table, NULL), -1, "there is no column without a name");
  cjobs_table_free(table);
}

static void readers(void) {
  check_int(cjobs_error_status(NULL), 0, "the status of no error");
  check_int(cjobs_error_http_status(NULL), 0, "the HTTP status of no error");
  check_int(cjobs_error_api_code(NULL), 0, "the code of no error");
  check_int(cjobs_error_retryable(NULL), 0, "no error is not retryable");
  check_text(cjobs_error_operation(NULL), "", "the operation of no error");
  check_text(cjobs_error_url(NULL), "", "the address of no error");
  check_text(cjobs_error_message(NULL), "", "the message of no error");
  check_text(cjobs_client_server(NULL), "", "the server of no client");
  check_int(cjobs_table_rows(NULL), 0, "the rows of no table");
  check_int(cjobs_table_columns(NULL), 0, "the columns of no table");
  check(cjobs_table_name(NULL, 0) == NULL, "a column's name of no table");
  check_int(cjobs_table_index(NULL, "key"), -1, "a column of no table");
  check_int(cjobs_table_type(NULL, 0), 0, "a column's type of no table");
  check_int(cjobs_tail_fd(NULL), -1, "the descriptor of no tail");
  cjobs_error_free(NULL);
  cjobs_client_close(NULL);
  cjobs_cancel_signal(NULL);
  cjobs_cancel_free(NULL);
  cjobs_table_free(NULL);
  cjobs_tail_cancel(NULL);
  cjobs_tail_close(NULL);
  check(1, "NULL may be freed, closed, cancelled and signalled");
}

/* NULL is a value there. */
static void optional(cjobs_client *client) {
  cjobs_table *table = NULL;
  cjobs_call_options call = CJOBS_CALL_OPTIONS_INIT;
  check_ok(cjobs_content_list(client, NULL, NULL, &table, &error), &error, "no name: all content");
  cjobs_table_free(table);
  check_ok(cjobs_jobs_list_many(client, NULL, 0, 0, NULL, &table, &error), &error, "no guids");
  check_int(cjobs_table_rows(table), 0, "no guids, no row");
  cjobs_table_free(table);
  check_ok(cjobs_job_kill(client, guid, NULL, 0, 0, NULL, &table, &error), &error, "no keys");
  check_int(cjobs_table_rows(table), 0, "no keys, no row");
  cjobs_table_free(table);
  check_ok(cjobs_jobs_list(client, guid, &call, &table, &error), &error, "all defaults");
  cjobs_table_free(table);
}

int main(void) {
  cjobs_client *client = open_client(NULL);
  handles();
  texts(client);
  out_parameters(client);
  tables(client);
  readers();
  optional(client);
  cjobs_client_close(client);
  return finish_checks();
}
