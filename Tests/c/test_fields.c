/* Every field of every operation arrives; what is absent or null is null; no more is lost. */
#include <stdio.h>
#include <string.h>

#include "fixture.h"

static cjobs_error *error;

static void a_job(cjobs_client *client) {
  static const char *const texts[][2] = {
      {"id", "40"},
      {"ppid", "1"},
      {"pid", "4711"},
      {"key", "k7"},
      {"app_id", "7"},
      {"content_id", "7"},
      {"content_guid", "g"},
      {"variant_id", "3"},
      {"bundle_id", "9"},
      {"queue_name", "default"},
      {"tag", "run_app"},
      {"hostname", "node1"},
      {"run_as", "rstudio-connect"},
  };
  static const char *const nulls[] = {"remote_id", "end_time", "queued_time",
                                      "exit_code", "cluster",  "image"};
  cjobs_table *table = NULL;
  check_ok(cjobs_job_get(client, "fine", "k7", NULL, &table, &error), &error, "a job");
  check_int(cjobs_table_rows(table), 1, "one row");
  for (size_t at = 0; at < sizeof texts / sizeof texts[0]; at++)
    check_cell_text(table, texts[at][0], 0, texts[at][1]);
  for (size_t at = 0; at < sizeof nulls / sizeof nulls[0]; at++)
    check_cell_null(table, nulls[at], 0);
  check_cell_int(table, "status", 0, CJOBS_JOB_FINALIZED);
  check_cell_time(table, "start_time", 0, 1732573574000000000);
  check_cell_time(table, "last_heartbeat_time", 0, 1732573573000000000);
  cjobs_table_free(table);
}

static void odd_jobs(cjobs_client *client) {
  cjobs_table *table = list_works(client, "odd-jobs", "odd jobs");
  check_int(cjobs_table_rows(table), 7, "every job is a row");
  for (int64_t column = 0; column < cjobs_table_columns(table); column++) {
    check_cell_null(table, cjobs_table_name(table, column), 0);
    check_cell_null(table, cjobs_table_name(table, column), 1);
  }
  check_cell_text(table, "key", 2, "unknown");
  check_cell_int(table, "status", 2, 1);
  check_cell_time(table, "start_time", 3, 1136239445000000000);
  check_cell_time(table, "end_time", 3, 1733512169948016766);
  check_cell_time(table, "last_heartbeat_time", 3, 1733512169948016766);
  check_cell_null(table, "queued_time", 3);
  check_cell_time(table, "start_time", 4, INT64_MIN);
  check_cell_time(table, "end_time", 4, INT64_MAX);
  check_cell_null(table, "queued_time", 4);
  check_cell_time(table, "last_heartbeat_time", 4, 1483228800000000000);
  check_cell_text(table, "id", 5, "40");
  check_cell_text(table, "pid", 5, "4711");
  check_cell_int(table, "exit_code", 5, -9);
  check_cell_int(table, "status", 5, 2);
  check_cell_text(table, "tag", 6, "a_tag_of_tomorrow");
  check_cell_text(table, "hostname", 6, "");
  const char *text = NULL;
  int64_t length = 0;
  cjobs_table_text(table, cjobs_table_index(table, "key"), 6, &text, &length, &error);
  check(length == 13 && memcmp(text, "text\0\xf0\x9f\x98\x80\xc3\xa9\\\"", 13) == 0,
        "NUL, four bytes, an accent, a backslash and a quote");
  cjobs_table_free(table);
}

/* Times that are none, and times that are at the edge. */
static void times(cjobs_client *client) {
  static const char *const bad[] = {
      "2024-13-01T00:00:00Z",     "2024-02-30T00:00:00Z",
      "2023-02-29T00:00:00Z",     "2024-01-01T24:00:00Z",
      "2024-01-01T00:60:00Z",     "2024-01-01T00:00:61Z",
      "2024-01-01T00:00:00",      "2024-01-01",
      "2024-01-01T00:00:00.Z",    "2024-01-01T00:00:00+24:00",
      "2024-01-01T00:00:00+0100", "24-01-01T00:00:00Z00000",
      "2024-01-01T00:00:00Z ",    "+024-01-01T00:00:00Z",
      "2024-01-01T00:00:00-1:00",
  };
  static const struct {
    const char *text;
    int64_t nanoseconds;
  } good[] = {
      {"1970-01-01T00:00:00Z", 0},
      {"1969-12-31T23:59:59.999999999Z", -1},
      {"2024-02-29T12:00:00Z", 1709208000000000000},
      {"2000-02-29T00:00:00z", 951782400000000000},
      {"2024-01-01T05:30:00.1+05:30", 1704067200100000000},
      {"2024-01-01T00:00:00-00:00", 1704067200000000000},
      {"2024-01-01 00:00:00Z", 1704067200000000000},
  };
  char guid[100];
  for (size_t at = 0; at < sizeof bad / sizeof bad[0]; at++) {
    snprintf(guid, sizeof guid, "one-time.%s", bad[at]);
    list_fails(client, guid, CJOBS_E_PROTOCOL, guid);
  }
  for (size_t at = 0; at < sizeof good / sizeof good[0]; at++) {
    snprintf(guid, sizeof guid, "one-time.%s", good[at].text);
    cjobs_table *table = list_works(client, guid, guid);
    check_cell_time(table, "start_time", 0, good[at].nanoseconds);
    cjobs_table_free(table);
  }
  static const char *const absent[] = {"0001-01-01T00:00:00Z", "1677-09-21T00:12:43.145224191Z",
                                       "2262-04-11T23:47:16.854775808Z", "9999-12-31T23:59:59Z",
                                       ""};
  for (size_t at = 0; at < sizeof absent / sizeof absent[0]; at++) {
    snprintf(guid, sizeof guid, "one-time.%s", absent[at]);
    cjobs_table *table = list_works(client, guid, guid);
    check_cell_null(table, "start_time", 0);
    check_cell_text(table, "key", 0, "k");
    cjobs_table_free(table);
  }
}

static void the_other_operations(cjobs_client *client) {
  cjobs_table *table = NULL;
  check_ok(cjobs_content_list(client, NULL, NULL, &table, &error), &error, "content");
  check_cell_text(table, "guid", 0, "fine");
  check_cell_text(table, "name", 0, "fine");
  check_cell_text(table, "title", 0, "Fine");
  check_cell_text(table, "app_mode", 0, "shiny");
  check_cell_text(table, "owner_guid", 0, "o");
  check_cell_text(table, "dashboard_url", 0, "http://x/#/apps/fine");
  check_cell_time(table, "last_deployed_time", 0, 1704164645600000000);
  cjobs_table_free(table);
  check_ok(cjobs_job_log(client, "fine", "k1", 0, NULL, &table, &error), &error, "a log");
  check_int(cjobs_table_rows(table), 3, "three entries");
  check_cell_text(table, "content_guid", 1, "fine");
  check_cell_text(table, "job_key", 1, "k1");
  check_cell_text(table, "source", 1, "stdout");
  check_cell_text(table, "data", 1, "line 1");
  check_cell_time(table, "timestamp", 1, 1733512169000000001);
  cjobs_table_free(table);
  check_ok(cjobs_job_error(client, "fine", "k1", NULL, &table, &error), &error, "a logged error");
  check_cell_text(table, "code", 0, "render-failed");
  check_cell_text(table, "summary", 0, "It did not work.");
  check_cell_text(table, "help_url", 0, "http://x/help");
  cjobs_table_free(table);
}

int main(void) {
  cjobs_client *client = open_client(NULL);
  a_job(client);
  odd_jobs(client);
  times(client);
  the_other_operations(client);
  cjobs_client_close(client);
  return finish_checks();
}
