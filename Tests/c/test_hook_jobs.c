/* Hooks on jobs: seen for the first time, ended, ordered to be killed. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hooking.h"

static cjobs_client *client;
static char heard[8192];

static void see(const char *key, int32_t status, int32_t exit_code) {
  size_t length = strlen(heard);
  char line[256];
  snprintf(line, sizeof line, "%s %d %d;", key, status == INT32_MIN ? -99 : status,
           exit_code == INT32_MIN ? -99 : exit_code);
  snprintf(heard + length, sizeof heard - length, "%s", line);
}

static void order(const char *guid, const char *key, const char *result, const char *error,
                  int32_t status) {
  size_t length = strlen(heard);
  snprintf(heard + length, sizeof heard - length, "%d %s %s%s %d;", guid[0] != '\0', key,
           result[0] == '\0' ? "-" : "ordered", error[0] == '\0' ? "" : " error",
           status == INT32_MIN ? 0 : status);
}

static int refuse(void) { return -1; }

static cjobs_call_options listen(int32_t event) {
  cjobs_call_options call = CJOBS_CALL_OPTIONS_INIT;
  call.hooks = open_hooks();
  heard[0] = '\0';
  if (event == CJOBS_EVENT_KILL_ORDERED)
    bind_hook(call.hooks, event, "void order(content_guid, job_key, result, error, error_status)",
              (cjobs_function)order);
  else
    bind_hook(call.hooks, event, "void see(job_key, status, exit_code)", (cjobs_function)see);
  return call;
}

static void seen_in_lists(void) {
  cjobs_call_options call = listen(CJOBS_EVENT_JOB_SEEN);
  const char *guids[] = {"fine", "many-jobs.2", "error.404.4"};
  cjobs_table *table = NULL;
  check_ok(cjobs_jobs_list(client, "fine", &call, &table, &hook_error), &hook_error, "a list");
  cjobs_table_free(table);
  check_text(heard, "k1 0 -99;k2 2 0;", "each job is seen, with what is known");
  cjobs_jobs_list(client, "fine", &call, &table, NULL);
  cjobs_table_free(table);
  cjobs_job_get(client, "fine", "k1", &call, &table, NULL);
  cjobs_table_free(table);
  check_text(heard, "k1 0 -99;k2 2 0;", "once");
  cjobs_job_get(client, "fine", "k7", &call, &table, NULL);
  cjobs_table_free(table);
  check_text(heard, "k1 0 -99;k2 2 0;k7 2 -99;", "a job that is asked for is seen");
  check_ok(cjobs_jobs_list_many(client, guids, 3, 0, &call, &table, &hook_error), &hook_error,
           "many lists");
  cjobs_table_free(table);
  check_text(heard, "k1 0 -99;k2 2 0;k7 2 -99;k0 0 0;k1 0 1;",
             "jobs of another item are others, one that fails is none");
  cjobs_hooks_close(call.hooks);
}

static cjobs_status follow(const char *guid, const char *key, cjobs_call_options *call) {
  const char *const *keys = key == NULL ? NULL : &key;
  cjobs_tail *tail = NULL;
  cjobs_table *table = NULL;
  cjobs_status got;
  check_ok(cjobs_tail_open(client, &guid, keys, 1, NULL, call, &tail, &hook_error), &hook_error,
           "a tail of %s", guid);
  while ((got = cjobs_tail_next(tail, 2000, &table, NULL)) == CJOBS_OK) cjobs_table_free(table);
  cjobs_tail_close(tail);
  return got;
}

static void seen_and_ended_in_tails(void) {
  cjobs_call_options call = listen(CJOBS_EVENT_JOB_SEEN);
  check_int(follow("tail.lines.2", "k1", &call), CJOBS_DONE, "a tail");
  check_has(heard, "k1 ", "a job that is followed is seen");
  cjobs_hooks_close(call.hooks);

  call = listen(CJOBS_EVENT_JOB_SEEN);
  follow("many-jobs.3", NULL, &call);
  check_has(heard, "k0 0 0;k1 0 1;k2 0 2;", "so are those that a tail finds");
  cjobs_hooks_close(call.hooks);

  call = listen(CJOBS_EVENT_JOB_ENDED);
  follow("tail.lines.2", "k1", &call);
  check_text(heard, "k1 2 3;", "a job ends with its status and exit code");
  follow("tail.lines.2", "k1", &call);
  check_text(heard, "k1 2 3;", "which is told once");
  follow("error.404.4", "k1", &call);
  check_text(heard, "k1 2 3;", "a job that is not there does not end");
  cjobs_hooks_close(call.hooks);
}

static void ended_in_waits(void) {
  cjobs_call_options call = listen(CJOBS_EVENT_JOB_ENDED);
  cjobs_table *table = NULL;
  check_ok(cjobs_job_wait(client, marked("ends-after.2"), "k1", CJOBS_UNTIL_FINISHED, 10000, &call,
                          &table, &hook_error),
           &hook_error, "a wait");
  cjobs_table_free(table);
  check_text(heard, "k1 1 -99;", "the end is told");
  check_int(cjobs_job_wait(client, "ends-after.100000", "k1", CJOBS_UNTIL_FINISHED, 0, &call,
                           &table, NULL),
            CJOBS_TIMEOUT, "a job that goes on");
  check_text(heard, "k1 1 -99;", "does not end");
  cjobs_hooks_close(call.hooks);
}

static void orders(void) {
  cjobs_call_options call = listen(CJOBS_EVENT_KILL_ORDERED);
  const char *keys[] = {"k1", "ended", "cut", "k2"};
  cjobs_table *table = NULL;
  bind_hook(call.hooks, CJOBS_EVENT_JOB_ENDED, "void see(job_key, status, exit_code)",
            (cjobs_function)see);
  check_ok(cjobs_job_kill(client, "kill", keys, 4, 0, &call, &table, &hook_error), &hook_error,
           "orders");
  cjobs_table_free(table);
  check_text(heard, "1 k1 ordered 0;1 ended - error -7;1 cut - error -12;1 k2 ordered 0;",
             "each is told, also one that failed");
  heard[0] = '\0';
  check_ok(
      cjobs_job_kill(client, marked("kill-slowly.1"), keys, 1, 10000, &call, &table, &hook_error),
      &hook_error, "an order that is waited for");
  cjobs_table_free(table);
  check_text(heard, "1 k1 ordered 0;k1 2 -99;", "the order is told, then the end");
  heard[0] = '\0';
  cjobs_job_kill(client, "kill", keys, 0, 0, &call, &table, NULL);
  cjobs_table_free(table);
  check_text(heard, "", "no order, no event");
  cjobs_hooks_close(call.hooks);
}

static void orders_of_a_call_that_ends(void) {
  cjobs_call_options call = listen(CJOBS_EVENT_KILL_ORDERED);
  const char *key = "k1";
  cjobs_table *table = NULL;
  call.timeout_ms = 300;
  check_fails(cjobs_job_kill(client, "slow.3000", &key, 1, 0, &call, &table, &hook_error),
              CJOBS_E_TIMED_OUT, &hook_error, "a call that ends before the answer");
  check_text(heard, "1 k1 - 0;", "tells of the order that may have arrived");
  cjobs_hooks_close(call.hooks);
}

static void failures(void) {
  cjobs_call_options call = CJOBS_CALL_OPTIONS_INIT;
  const char *key = "k1", *guid = marked("kill");
  cjobs_table *table = NULL;
  call.hooks = open_hooks();
  bind_ending(call.hooks, CJOBS_EVENT_KILL_ORDERED, "int refuse()", (cjobs_function)refuse);
  check_fails(cjobs_job_kill(client, guid, &key, 1, 0, &call, &table, &hook_error), CJOBS_E_HOOK,
              &hook_error, "a hook that fails ends the call");
  check_int(count_requests(guid, "DELETE"), 1, "after the order");
  bind_ending(call.hooks, CJOBS_EVENT_JOB_SEEN, "int refuse()", (cjobs_function)refuse);
  check_fails(cjobs_jobs_list(client, "fine", &call, &table, &hook_error), CJOBS_E_HOOK,
              &hook_error, "or a list");
  check_int(follow("tail.lines.2", "k1", &call), CJOBS_E_HOOK, "or a tail");
  cjobs_hooks_close(call.hooks);
}

int main(void) {
  client = open_client(NULL);
  seen_in_lists();
  seen_and_ended_in_tails();
  ended_in_waits();
  orders();
  orders_of_a_call_that_ends();
  failures();
  cjobs_client_close(client);
  return finish_checks();
}
