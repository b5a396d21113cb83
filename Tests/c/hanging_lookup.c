/* With preload_lookup: a name lookup that hangs is left at once. */
#include <stdio.h>
#include <stdlib.h>

#include "fixture.h"

static cjobs_error *error;

static int after_200_ms(void *user_data) { return now_ms() - *(int64_t *)user_data >= 200; }

static void expect(int64_t start, int64_t wanted, const char *what) {
  int64_t took = now_ms() - start;
  check(took < wanted + 2000, "%s: %d ms after it was told to end", what, (int)(took - wanted));
}

int main(void) {
  cjobs_client_options options = plain_options();
  cjobs_call_options call = CJOBS_CALL_OPTIONS_INIT;
  cjobs_table *table = NULL;
  options.server = "http://hangs.example";
  options.connect_timeout_ms = 200;
  cjobs_client *client = open_client(&options);
  int64_t start = now_ms();
  check_fails(cjobs_jobs_list(client, "fine", NULL, &table, &error), CJOBS_E_TIMED_OUT, &error,
              "connect_timeout_ms includes the lookup");
  expect(start, 200, "connect timeout");
  cjobs_client_close(client);

  options.connect_timeout_ms = 0;
  client = open_client(&options);
  call.interrupt = after_200_ms;
  call.interrupt_data = &start;
  start = now_ms();
  check_fails(cjobs_jobs_list(client, "fine", &call, &table, &error), CJOBS_E_CANCELLED, &error,
              "the interrupt callback ends a lookup");
  expect(start, 200, "interrupt");

  cjobs_tail *tail = NULL;
  const char *guid = "fine", *key = "k1";
  check_ok(cjobs_tail_open(client, &guid, &key, 1, NULL, &call, &tail, &error), &error, "a tail");
  start = now_ms();
  check_fails(cjobs_tail_next(tail, -1, &table, &error), CJOBS_E_CANCELLED, &error,
              "the interrupt callback ends a tail's lookup");
  expect(start, 200, "interrupt of a tail");
  start = now_ms();
  cjobs_tail_close(tail);
  expect(start, 0, "closing the tail");

  call.interrupt = NULL;
  call.timeout_ms = 200;
  start = now_ms();
  check_fails(cjobs_jobs_list(client, "fine", &call, &table, &error), CJOBS_E_TIMED_OUT, &error,
              "a call's timeout ends a lookup");
  expect(start, 200, "timeout");
  start = now_ms();
  cjobs_client_close(client);
  expect(start, 0, "closing the client");
  start = now_ms();
  return finish_checks();
}
