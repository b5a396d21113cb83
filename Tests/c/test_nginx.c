/* Static files under nginx: a server that the authors of this library did not write. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "fixture.h"

static cjobs_error *error;

int main(void) {
  cjobs_client_options options = plain_options();
  cjobs_table *table = NULL;
  const char *guid = "static", *key = "k1";
  options.server = address_of("http", "NGINX_PORT");
  cjobs_client *client = open_client(&options);
  check_ok(cjobs_content_list(client, NULL, NULL, &table, &error), &error, "content");
  check_cell_text(table, "title", 0, "Fine");
  cjobs_table_free(table);
  for (int round = 0; round < 5; round++) {
    check_ok(cjobs_jobs_list(client, guid, NULL, &table, &error), &error, "jobs, gzipped");
    check_int(cjobs_table_rows(table), 2000, "all of them");
    check_cell_text(table, "key", 1999, "k1999");
    cjobs_table_free(table);
  }
  check_ok(cjobs_job_get(client, guid, key, NULL, &table, &error), &error, "a job");
  check_cell_int(table, "status", 0, CJOBS_JOB_FINALIZED);
  cjobs_table_free(table);
  check_ok(cjobs_job_log(client, guid, key, 0, NULL, &table, &error), &error, "a log, gzipped");
  check_int(cjobs_table_rows(table), 5000, "all entries");
  check_cell_text(table, "data", 4999, "line 4999");
  cjobs_table_free(table);
  check_ok(cjobs_job_error(client, guid, key, NULL, &table, &error), &error, "a logged error");
  check_cell_text(table, "code", 0, "render-failed");
  cjobs_table_free(table);
  cjobs_tail *tail = NULL;
  check_ok(cjobs_tail_open(client, &guid, &key, 1, NULL, NULL, &tail, &error), &error, "a tail");
  check_ok(cjobs_tail_next(tail, 5000, &table, &error), &error, "its entry");
  check_cell_text(table, "data", 0, "line 0");
  cjobs_table_free(table);
  cjobs_tail_close(tail);
  struct stat info;
  check_ok(cjobs_job_download_file(client, guid, key, "nginx.log", 0, NULL, NULL, NULL, &error),
           &error, "a download");
  check_int(stat("nginx.log", &info) == 0 ? (int64_t)info.st_size : -1, 1088890, "is whole");
  remove("nginx.log");
  const struct failure *failure = list_fails(client, "absent", CJOBS_E_UNSUPPORTED, "nginx's 404");
  check_int(failure->http_status, 404, "its status");
  check_ok(cjobs_job_kill(client, guid, &key, 1, 0, NULL, &table, &error), &error, "an order");
  check_cell_int(table, "error_status", 0, CJOBS_E_HTTP);
  check_has(cell(table, "error", 0), "405", "nginx does not know DELETE");
  cjobs_table_free(table);
  sleep_ms(2300); /* nginx closes idle connections after 2 s */
  check_ok(cjobs_jobs_list(client, guid, NULL, &table, &error), &error, "after an idle time");
  cjobs_table_free(table);
  cjobs_client_close(client);
  return finish_checks();
}
