/* A server that says the key back: it shows in no message, address, table of failures or log.
 * (Every failure of every other test is looked through as well: check.c.) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

static cjobs_error *error;

/* Wherever a message is cut, no piece of the key may be left over. */
static void echoed_in_an_error(cjobs_client *client) {
  for (int padding = 0; padding <= 220; padding += 5) {
    char guid[64];
    snprintf(guid, sizeof guid, "echo.403.%d", padding);
    list_fails(client, guid, CJOBS_E_FORBIDDEN, guid);
  }
}

static void echoed_in_tables(cjobs_client *client) {
  const char *key = "k1", *guid = "echo.500.180";
  cjobs_table *table = NULL;
  cjobs_tail *tail = NULL;
  check_ok(cjobs_job_kill(client, guid, &key, 1, 0, NULL, &table, &error), &error, "kill orders");
  check_has(cell(table, "error", 0), "HTTP 500", "the row says why");
  check(!holds_key(cell(table, "error", 0)), "no key in a row of kill orders");
  cjobs_table_free(table);
  check_ok(cjobs_jobs_list_many(client, &guid, 1, 0, NULL, &table, &error), &error, "many lists");
  check_has(cell(table, "error", 0), "HTTP 500", "the row says why");
  check(!holds_key(cell(table, "error", 0)), "no key in a row of many lists");
  cjobs_table_free(table);
  cjobs_tail_options options = CJOBS_TAIL_OPTIONS_INIT;
  options.retry_budget_ms = 300;
  check_ok(cjobs_tail_open(client, &guid, &key, 1, &options, NULL, &tail, &error), &error,
           "a tail");
  check_fails(cjobs_tail_next(tail, 10000, &table, &error), CJOBS_E_SERVER, &error, "its error");
  check_ok(cjobs_tail_summary(tail, &table, &error), &error, "its summary");
  check_has(cell(table, "error", 0), "HTTP 500", "the summary says why");
  check(!holds_key(cell(table, "error", 0)), "no key in the summary");
  cjobs_table_free(table);
  cjobs_tail_close(tail);
}

static void echoed_in_headers(cjobs_client *client) {
  list_fails(client, "redirect-to-key", CJOBS_E_HTTP, "a redirect to an address with the key");
  forget_log();
  cjobs_table_free(list_works(client, "deprecated", "a deprecated endpoint"));
  check_has(log_heard(), "deprecated", "the log tells of a deprecated endpoint");
  check_has(log_heard(), "/v2/jobs", "and which one to use");
  cjobs_table_free(list_works(client, "deprecated", "a deprecated endpoint, again"));
  const char *first = strstr(log_heard(), "/v2/jobs");
  check(first != NULL && strstr(first + 1, "/v2/jobs") == NULL, "it is said once");
}

/* Retries are logged with their reason. */
static void echoed_before_a_retry(void) {
  cjobs_client_options options = plain_options();
  options.max_retries = 1;
  cjobs_client *client = open_client(&options);
  forget_log();
  list_fails(client, "echo.503.185", CJOBS_E_SERVER, "an echo, twice");
  check_has(log_heard(), "503", "the log tells of a retry");
  cjobs_client_close(client);
}

/* A guid that is the key by mistake. */
static void as_a_guid(cjobs_client *client) {
  list_fails(client, TEST_KEY, CJOBS_E_NOT_FOUND, "the key as a guid");
}

/* A key in the options' other texts. */
static void as_an_option(void) {
  cjobs_client_options options = plain_options();
  cjobs_client *client = NULL;
  options.server = "https://" TEST_KEY "/?x";
  options.api_key = TEST_KEY;
  check_fails(cjobs_client_open(&options, &client, &error), CJOBS_E_CONFIGURATION, &error,
              "the key as a server");
}

int main(void) {
  cjobs_client *client = open_client(NULL);
  echoed_in_an_error(client);
  echoed_in_tables(client);
  echoed_in_headers(client);
  echoed_before_a_retry();
  as_a_guid(client);
  as_an_option();
  cjobs_client_close(client);
  return finish_checks();
}
