/*
 * One story with a Posit Connect's jobs, in C: find content by its name, list its jobs, print a
 * log, follow a running job live, kill it, see it end, download its log, and ask why another
 * failed.
 *
 *     cc -Iinclude examples/story.c -L.build/release -lconnectjobs -o story
 *     CONNECT_SERVER=https://connect.example.com CONNECT_API_KEY=... ./story report app shell
 */
#include <connectjobs.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* A call that failed ends the program with the library's own sentence. */
static void check(cjobs_status status, cjobs_error *error) {
  if (status >= 0) return;
  fprintf(stderr, "%s: %s\n", cjobs_error_operation(error), cjobs_error_message(error));
  cjobs_error_free(error);
  exit(1);
}

/* A text of a table, copied; empty where it is null. */
static char *text(const cjobs_table *table, const char *column, int64_t row) {
  const char *bytes = NULL;
  int64_t length = 0;
  cjobs_error *error = NULL;
  check(cjobs_table_text(table, cjobs_table_index(table, column), row, &bytes, &length, &error),
        error);
  char *copy = malloc((size_t)length + 1);
  if (copy == NULL) abort();
  if (length > 0) memcpy(copy, bytes, (size_t)length);
  copy[length] = '\0';
  return copy;
}

/* A log line may hold anything; a terminal should not obey it. */
static void print_line(const char *bytes, int64_t length) {
  for (int64_t i = 0; i < length; i++) {
    unsigned char byte = (unsigned char)bytes[i];
    putchar((byte < 0x20 && byte != '\t') || byte == 0x7f ? '?' : byte);
  }
  putchar('\n');
}

static void print_entries(const cjobs_table *log, int64_t first, int64_t end) {
  int64_t source = cjobs_table_index(log, "source"), at = cjobs_table_index(log, "timestamp");
  int64_t data = cjobs_table_index(log, "data");
  for (int64_t row = first; row < end; row++) {
    const char *name = NULL, *line = NULL;
    int64_t name_length = 0, line_length = 0, nanoseconds = 0;
    cjobs_table_text(log, source, row, &name, &name_length, NULL);
    cjobs_table_text(log, data, row, &line, &line_length, NULL);
    cjobs_table_time(log, at, row, &nanoseconds, NULL, NULL);
    time_t seconds = (time_t)(nanoseconds / 1000000000);
    char clock[16];
    strftime(clock, sizeof clock, "%H:%M:%S", gmtime(&seconds));
    printf("  %s.%03" PRId64 " %-6.*s | ", clock, nanoseconds / 1000000 % 1000, (int)name_length,
           name == NULL ? "" : name);
    print_line(line == NULL ? "" : line, line_length);
  }
}

static void print_jobs(const cjobs_table *jobs) {
  static const char *const states[] = {"active", "finished", "finalized"};
  printf("  %-18s %-14s %-10s %s\n", "key", "tag", "status", "exit code");
  for (int64_t row = 0; row < cjobs_table_rows(jobs); row++) {
    int64_t status = 0, exit_code = 0;
    int32_t no_exit_code = 0;
    cjobs_table_int(jobs, cjobs_table_index(jobs, "status"), row, &status, NULL, NULL);
    cjobs_table_int(jobs, cjobs_table_index(jobs, "exit_code"), row, &exit_code, &no_exit_code,
                    NULL);
    char *key = text(jobs, "key", row), *tag = text(jobs, "tag", row);
    printf("  %-18s %-14s %-10s ", key, tag, status >= 0 && status <= 2 ? states[status] : "?");
    if (no_exit_code)
      printf("-\n");
    else
      printf("%" PRId64 "\n", exit_code);
    free(key);
    free(tag);
  }
}

static char *find_content(cjobs_client *client, const char *name) {
  cjobs_table *content = NULL;
  cjobs_error *error = NULL;
  check(cjobs_content_list(client, name, NULL, &content, &error), error);
  if (cjobs_table_rows(content) == 0) {
    fprintf(stderr, "There is no content named %s.\n", name);
    exit(1);
  }
  char *guid = text(content, "guid", 0), *title = text(content, "title", 0);
  printf("  %-14s %-18s %s\n", name, title, guid);
  free(title);
  cjobs_table_free(content);
  return guid;
}

/* The content item's jobs, and the key of the first. */
static char *first_job(cjobs_client *client, const char *guid, cjobs_table **jobs) {
  cjobs_error *error = NULL;
  check(cjobs_jobs_list(client, guid, NULL, jobs, &error), error);
  if (cjobs_table_rows(*jobs) == 0) {
    fprintf(stderr, "It has no jobs.\n");
    exit(1);
  }
  return text(*jobs, "key", 0);
}

static void follow(cjobs_client *client, const char *guid, const char *key, int64_t lines) {
  cjobs_tail *tail = NULL;
  cjobs_table *batch = NULL;
  cjobs_error *error = NULL;
  check(cjobs_tail_open(client, &guid, &key, 1, NULL, NULL, &tail, &error), error);
  while (lines > 0) {
    cjobs_status status = cjobs_tail_next(tail, 10000, &batch, &error);
    check(status, error);
    if (status != CJOBS_OK) break;
    int64_t rows = cjobs_table_rows(batch);
    print_entries(batch, 0, rows < lines ? rows : lines);
    fflush(stdout);
    lines -= rows;
    cjobs_table_free(batch);
  }
  cjobs_tail_close(tail);
}

static void kill_and_wait(cjobs_client *client, const char *guid, const char *key) {
  cjobs_table *orders = NULL, *job = NULL;
  cjobs_error *error = NULL;
  check(cjobs_job_kill(client, guid, &key, 1, 10000, NULL, &orders, &error), error);
  char *result = text(orders, "result", 0), *problem = text(orders, "error", 0);
  printf("  %s\n", *problem != '\0' ? problem : result);
  check(cjobs_job_wait(client, guid, key, CJOBS_UNTIL_FINALIZED, 10000, NULL, &job, &error), error);
  if (job != NULL) print_jobs(job);
  free(result);
  free(problem);
  cjobs_table_free(orders);
  cjobs_table_free(job);
}

static void download(cjobs_client *client, const char *guid, const char *key) {
  char path[] = "/tmp/connectjobs-XXXXXX";
  int file = mkstemp(path);
  if (file < 0) return;
  cjobs_error *error = NULL;
  check(cjobs_job_download_file(client, guid, key, path, CJOBS_DOWNLOAD_OVERWRITE, NULL, NULL, NULL,
                                &error),
        error);
  close(file);
  FILE *log = fopen(path, "r");
  if (log != NULL) {
    fseek(log, 0, SEEK_END);
    printf("  %ld bytes in %s\n", ftell(log), path);
    fclose(log);
  }
  unlink(path);
}

static void explain(cjobs_client *client, const char *guid, const char *key) {
  cjobs_table *reason = NULL;
  cjobs_error *error = NULL;
  check(cjobs_job_error(client, guid, key, NULL, &reason, &error), error);
  if (cjobs_table_rows(reason) == 0) {
    printf("  Connect logged no error for it.\n");
  } else {
    char *code = text(reason, "code", 0), *summary = text(reason, "summary", 0);
    printf("  %s: %s\n", code, summary);
    free(code);
    free(summary);
  }
  cjobs_table_free(reason);
}

int main(int argc, char **argv) {
  const char *report = argc > 1 ? argv[1] : "sales-report";
  const char *app = argc > 2 ? argv[2] : "ticker-app";
  const char *shell = argc > 3 ? argv[3] : "nightly-shell";
  cjobs_client *client = NULL;
  cjobs_table *jobs = NULL, *log = NULL;
  cjobs_error *error = NULL;
  check(cjobs_client_open(NULL, &client, &error), error);

  printf("Content on %s\n", cjobs_client_server(client));
  char *report_guid = find_content(client, report), *app_guid = find_content(client, app);
  char *shell_guid = find_content(client, shell);

  printf("\nThe jobs of %s\n", app);
  char *app_job = first_job(client, app_guid, &jobs);
  print_jobs(jobs);
  cjobs_table_free(jobs);

  printf("\nThe log of %s so far\n", shell);
  char *shell_job = first_job(client, shell_guid, &jobs);
  check(cjobs_job_log(client, shell_guid, shell_job, 0, NULL, &log, &error), error);
  print_entries(log, 0, cjobs_table_rows(log));
  cjobs_table_free(log);
  cjobs_table_free(jobs);

  printf("\nFollowing %s for 20 lines\n", app);
  follow(client, app_guid, app_job, 20);

  printf("\nKilling it\n");
  kill_and_wait(client, app_guid, app_job);

  printf("\nDownloading its log\n");
  download(client, app_guid, app_job);

  printf("\nWhy did %s fail?\n", report);
  char *report_job = first_job(client, report_guid, &jobs);
  print_jobs(jobs);
  explain(client, report_guid, report_job);
  cjobs_table_free(jobs);

  free(report_guid), free(app_guid), free(shell_guid);
  free(report_job), free(app_job), free(shell_job);
  cjobs_client_close(client);
  return 0;
}
