/* A host with plugins: plugin_host GUID MANIFEST... prints a log, kills a job, waits for one, and
 * says what the hooks counted. What goes to syslog goes to stderr, too. Started by test_plugins.sh.
 */
#define _DEFAULT_SOURCE
#include <connectjobs.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

static cjobs_error *error;

/* A failure is told, and the next call made. */
static void tell(const char *what, cjobs_status status) {
  if (status == CJOBS_OK) return;
  printf("%s: %s: %s\n", what, cjobs_status_name(status), cjobs_error_message(error));
  cjobs_error_free(error);
  error = NULL;
}

static void print(const cjobs_table *table, const char *column) {
  for (int64_t row = 0; row < cjobs_table_rows(table); row++) {
    const char *text = NULL;
    int64_t length = 0;
    cjobs_table_text(table, cjobs_table_index(table, column), row, &text, &length, NULL);
    printf("%s: %.*s\n", column, (int)length, text == NULL ? "" : text);
  }
}

int main(int count, char **arguments) {
  cjobs_hooks_options options = CJOBS_HOOKS_OPTIONS_INIT;
  cjobs_call_options call = CJOBS_CALL_OPTIONS_INIT;
  cjobs_client *client = NULL;
  cjobs_table *table = NULL;
  const char *key = "k1";
  char kill[128], wait[128];
  openlog("plugins", LOG_PERROR, LOG_USER);
  options.flags = CJOBS_HOOKS_ALLOW_WRITABLE;
  tell("open", cjobs_hooks_open(&options, &call.hooks, &error));
  for (int at = 2; at < count; at++)
    tell("manifest", cjobs_hooks_load_manifest(call.hooks, arguments[at], NULL, &error));
  tell("client", cjobs_client_open(NULL, &client, &error));
  tell("log", cjobs_job_log(client, arguments[1], "k1", 0, &call, &table, &error));
  print(table, "data");
  cjobs_table_free(table);
  snprintf(kill, sizeof kill, "kill~plugins-%s", getenv("MARK"));
  tell("kill", cjobs_job_kill(client, kill, &key, 1, 0, &call, &table, &error));
  print(table, "result");
  cjobs_table_free(table);
  snprintf(wait, sizeof wait, "tail.lines.0~plugins-%s", getenv("MARK"));
  tell("wait",
       cjobs_job_wait(client, wait, key, CJOBS_UNTIL_FINISHED, 1000, &call, &table, &error));
  print(table, "key");
  cjobs_table_free(table);
  cjobs_client_close(client);
  cjobs_hooks_close(call.hooks);
  return 0;
}
