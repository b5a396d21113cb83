#include <connectjobs.h>
#include <stdio.h>
#include <stdlib.h>

static cjobs_error *error = NULL;

/* A call that failed ends the program with the library's own sentence. */
static cjobs_status check(cjobs_status status) {
  if (status >= 0) return status;
  fprintf(stderr, "%s\n", cjobs_error_message(error));
  exit(1);
}

/* A text of a table has no NUL at its end: it is printed, or copied where a copy is wanted. */
static void text(const cjobs_table *table, const char *column, int64_t row, char copy[257]) {
  const char *bytes = NULL;
  int64_t length = 0;
  check(cjobs_table_text(table, cjobs_table_index(table, column), row, &bytes, &length, &error));
  if (bytes == NULL) bytes = "";
  if (copy != NULL)
    snprintf(copy, 257, "%.*s", (int)length, bytes);
  else
    printf("%.*s\n", (int)length, bytes);
}

/* The job that was started last. */
static int64_t newest(const cjobs_table *jobs) {
  int64_t found = 0, latest = 0, start = 0;
  for (int64_t row = 0; row < cjobs_table_rows(jobs); row++) {
    cjobs_table_time(jobs, cjobs_table_index(jobs, "start_time"), row, &start, NULL, NULL);
    if (start > latest) latest = start, found = row;
  }
  return found;
}

int main(void) {
  cjobs_client *client = NULL;
  cjobs_table *items = NULL, *jobs = NULL, *batch = NULL;
  cjobs_tail *tail = NULL;
  char guid[257], key[257];
  const char *guids[] = {guid}, *keys[] = {key};

  check(cjobs_client_open(NULL, &client, &error)); /* CONNECT_SERVER and CONNECT_API_KEY */
  check(cjobs_content_list(client, "ticker-app", NULL, &items, &error));
  text(items, "guid", 0, guid);
  check(cjobs_jobs_list(client, guid, NULL, &jobs, &error));
  for (int64_t row = 0; row < cjobs_table_rows(jobs); row++) text(jobs, "key", row, NULL);
  text(jobs, "key", newest(jobs), key);
  check(cjobs_tail_open(client, guids, keys, 1, NULL, NULL, &tail, &error));
  while (check(cjobs_tail_next(tail, -1, &batch, &error)) == CJOBS_OK) { /* until it ends */
    for (int64_t row = 0; row < cjobs_table_rows(batch); row++) text(batch, "data", row, NULL);
    fflush(stdout);
    cjobs_table_free(batch);
  }

  cjobs_tail_close(tail);
  cjobs_table_free(jobs);
  cjobs_table_free(items);
  cjobs_client_close(client);
  return 0;
}
