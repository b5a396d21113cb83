/* Follows a job through plugins: follow GUID KEY MANIFEST... */
#include <connectjobs.h>
#include <stdio.h>
#include <stdlib.h>

static cjobs_error *error = NULL;

static cjobs_status check(cjobs_status status) {
  if (status >= 0) return status;
  fprintf(stderr, "%s\n", cjobs_error_message(error));
  exit(1);
}

static void print(const cjobs_table *batch) {
  int64_t data = cjobs_table_index(batch, "data"), length = 0;
  for (int64_t row = 0; row < cjobs_table_rows(batch); row++) {
    const char *text = NULL;
    check(cjobs_table_text(batch, data, row, &text, &length, &error));
    printf("%.*s\n", (int)length, text == NULL ? "" : text);
  }
  fflush(stdout);
}

int main(int count, char **arguments) {
  cjobs_call_options call = CJOBS_CALL_OPTIONS_INIT;
  cjobs_client *client = NULL;
  cjobs_tail *tail = NULL;
  cjobs_table *batch = NULL;
  if (count < 3) {
    fprintf(stderr, "usage: %s GUID KEY MANIFEST...\n", arguments[0]);
    return 2;
  }
  const char *guid = arguments[1], *key = arguments[2];
  check(cjobs_hooks_open(NULL, &call.hooks, &error));
  for (int at = 3; at < count; at++)
    check(cjobs_hooks_load_manifest(call.hooks, arguments[at], NULL, &error));
  check(cjobs_client_open(NULL, &client, &error)); /* CONNECT_SERVER and CONNECT_API_KEY */
  check(cjobs_tail_open(client, &guid, &key, 1, NULL, &call, &tail, &error));
  while (check(cjobs_tail_next(tail, -1, &batch, &error)) == CJOBS_OK) {
    print(batch);
    cjobs_table_free(batch);
  }
  cjobs_tail_close(tail);
  cjobs_client_close(client);
  cjobs_hooks_close(call.hooks);
  return 0;
}
