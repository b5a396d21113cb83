/* Ours: follows job argv[1] of a content item, argv[2] times, and says how long the best took. */
#include <stdlib.h>

#include "connectjobs.h"
#include "measure.h"

static const char *guid = "11111111-1111-4111-8111-111111111111";

static void fail(cjobs_error *error) {
  fprintf(stderr, "%s\n", cjobs_error_message(error));
  exit(1);
}

static long follow(cjobs_client *client, const char *key) {
  cjobs_tail *tail = NULL;
  cjobs_table *batch = NULL;
  cjobs_error *error = NULL;
  cjobs_status status;
  long rows = 0;
  if (cjobs_tail_open(client, &guid, &key, 1, NULL, NULL, &tail, &error) != CJOBS_OK) fail(error);
  while ((status = cjobs_tail_next(tail, -1, &batch, &error)) == CJOBS_OK) {
    rows += cjobs_table_rows(batch);
    cjobs_table_free(batch);
  }
  if (status != CJOBS_DONE) fail(error);
  cjobs_tail_close(tail);
  return rows;
}

int main(int count, char **arguments) {
  cjobs_client *client = NULL;
  cjobs_error *error = NULL;
  if (count < 3) return 2;
  if (cjobs_client_open(NULL, &client, &error) != CJOBS_OK) fail(error);
  long before = peak_memory();
  double best = 1e9;
  long rows = 0;
  for (int round = 0; round < atoi(arguments[2]); round++) {
    double start = seconds_now();
    rows = follow(client, arguments[1]);
    double taken = seconds_now() - start;
    if (taken < best) best = taken;
  }
  report(best, peak_memory() - before, rows);
  cjobs_client_close(client);
  return 0;
}
