/* Successful answers that are not what the API says: protocol errors; and those that only look so.
 */
#include <stdio.h>
#include <string.h>

#include "fixture.h"

static cjobs_error *error;

static const char *const broken[] = {
    "body.empty",         "body.spaces",
    "body.truncated",     "body.half-text",
    "body.trailing",      "body.two",
    "body.object",        "body.text",
    "body.numbers",       "body.lists",
    "body.null-item",     "body.status-text",
    "body.status-object", "body.status-fraction",
    "body.status-large",  "body.status-true",
    "body.key-list",      "body.key-true",
    "body.time-number",   "body.time-words",
    "body.deep",          "body.deep-objects",
    "body.deep-unknown",  "body.latin-1",
    "body.overlong",      "body.surrogate",
    "body.raw-control",   "body.raw-nul",
    "body.comment",       "body.wrong-utf8-unknown",
    "body.comma",         "body.mark",
    "body.not-a-number",  "body.html",
    "body.html.html",     "no-content",
    "wrong-encoding",     "cut-gzip",
    "not-http",
};

static void broken_lists(cjobs_client *client) {
  for (size_t at = 0; at < sizeof broken / sizeof broken[0]; at++) {
    list_fails(client, broken[at], CJOBS_E_PROTOCOL, broken[at]);
    if (at % 8 == 0) check_usable(client, broken[at]);
  }
  const struct failure *failure = list_fails(client, "body.html.html", CJOBS_E_PROTOCOL, "a page");
  check_has(failure->message, "web page", "a page is called one");
  failure = list_fails(client, "body.status-text", CJOBS_E_PROTOCOL, "a status in words");
  check_has(failure->message, "\"status\"", "the field of a wrong type is named");
  check_int(failure->http_status, 200, "the HTTP status is told");
  check_has(failure->url, "body.status-text", "the address is told");
}

/* A text that ends in the midst of a character is not a reason to lose the rest. */
static void half_characters(cjobs_client *client) {
  cjobs_table *table = list_works(client, "body.half-escape", "half a surrogate pair");
  check_cell_text(table, "key", 0, "\xef\xbf\xbd");
  cjobs_table_free(table);
}

/* Each operation expects its own shape. */
static void wrong_shapes(cjobs_client *client) {
  cjobs_table *table = NULL;
  const char *key = "k1";
  static const char *const logs[] = {"body.entries-object", "body.entries-missing",
                                     "body.null",           "body.two",
                                     "body.empty",          "no-content"};
  for (size_t at = 0; at < sizeof logs / sizeof logs[0]; at++)
    check_fails(cjobs_job_log(client, logs[at], key, 0, NULL, &table, &error), CJOBS_E_PROTOCOL,
                &error, "job_log of %s", logs[at]);
  static const char *const objects[] = {"body.null", "body.two", "body.text", "body.empty"};
  for (size_t at = 0; at < sizeof objects / sizeof objects[0]; at++) {
    check_fails(cjobs_job_get(client, objects[at], key, NULL, &table, &error), CJOBS_E_PROTOCOL,
                &error, "job_get of %s", objects[at]);
    check_fails(cjobs_job_error(client, objects[at], key, NULL, &table, &error), CJOBS_E_PROTOCOL,
                &error, "job_error of %s", objects[at]);
  }
  check_fails(cjobs_job_get(client, "no-content", key, NULL, &table, &error), CJOBS_E_PROTOCOL,
              &error, "job_get of 204");
  check_fails(cjobs_content_list(client, "body.object", NULL, &table, &error), CJOBS_E_PROTOCOL,
              &error, "content_list of an object");
  check_fails(cjobs_content_list(client, "body.empty", NULL, &table, &error), CJOBS_E_PROTOCOL,
              &error, "content_list of nothing");
  check_ok(cjobs_job_error(client, "no-error", key, NULL, &table, &error), &error,
           "204 means: no error was logged");
  check_int(cjobs_table_rows(table), 0, "no error, no row");
  cjobs_table_free(table);
}

static cjobs_table *whole(cjobs_client *client, const char *guid, int64_t rows) {
  cjobs_table *table = list_works(client, guid, guid);
  check_int(cjobs_table_rows(table), rows, "%s: the rows", guid);
  return table;
}

/* Odd, but right. */
static void odd_lists(cjobs_client *client) {
  cjobs_table_free(whole(client, "body.null", 0));
  cjobs_table_free(whole(client, "no-jobs", 0));
  cjobs_table *table = whole(client, "body.duplicate", 1);
  check_cell_text(table, "key", 0, "new");
  check_cell_int(table, "status", 0, 2);
  check_cell_null(table, "tag", 0);
  cjobs_table_free(table);
  table = whole(client, "body.escaped-key", 1);
  check_cell_text(table, "key", 0, "k");
  check_cell_int(table, "status", 0, 2);
  cjobs_table_free(table);
  table = whole(client, "body.whole-fraction", 1);
  check_cell_int(table, "status", 0, 2);
  check_cell_int(table, "exit_code", 0, 100);
  cjobs_table_free(table);
  table = whole(client, "body.long-name", 1);
  check_cell_text(table, "key", 0, "k");
  cjobs_table_free(table);
  cjobs_table_free(whole(client, "compressed", 2));
  table = whole(client, "trickle", 2);
  check_cell_text(table, "key", 1, "k2");
  check_cell_time(table, "start_time", 1, 1732573574000000000);
  cjobs_table_free(table);
  cjobs_table_free(whole(client, "many-jobs.20000", 20000));
}

static void odd_logs(cjobs_client *client) {
  cjobs_table *table = NULL;
  check_ok(cjobs_job_log(client, "body.entries-null", "k1", 0, NULL, &table, &error), &error,
           "Go writes an empty list as null");
  check_int(cjobs_table_rows(table), 0, "no entry");
  cjobs_table_free(table);
  check_ok(cjobs_job_log(client, "body.entries-unknown", "k1", 0, NULL, &table, &error), &error,
           "unknown fields beside the entries");
  check_int(cjobs_table_rows(table), 1, "only the entries are rows");
  check_cell_text(table, "data", 0, "yes");
  cjobs_table_free(table);
  check_ok(cjobs_job_log(client, "trickle", "k1", 0, NULL, &table, &error), &error,
           "a log, a byte at a time");
  check_cell_text(table, "data", 2, "line 2");
  check_cell_text(table, "source", 2, "stderr");
  check_cell_time(table, "timestamp", 2, 1733512169000000002);
  cjobs_table_free(table);
}

int main(void) {
  cjobs_client *client = open_client(NULL);
  broken_lists(client);
  half_characters(client);
  wrong_shapes(client);
  odd_lists(client);
  odd_logs(client);
  check_usable(client, "all of them");
  cjobs_client_close(client);
  return finish_checks();
}
