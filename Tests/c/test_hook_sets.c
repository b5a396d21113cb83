/* Sets of hooks: whole tables, calls back into the library, unbinding, threads, time. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hooking.h"

static cjobs_client *client;
static cjobs_hooks *own;
static int64_t own_hook;
static int inner_rows, inner_status, seen;

static int32_t whole_table(const cjobs_table *batch, uint8_t *verdicts, void *context) {
  *(int64_t *)context += cjobs_table_rows(batch);
  for (int64_t row = 0; row < cjobs_table_rows(batch); row++)
    if (strcmp(cell(batch, "source", row), "stderr") == 0) verdicts[row] = CJOBS_DROP;
  return 0;
}

static int32_t refuse(const cjobs_table *batch, uint8_t *verdicts, void *context) {
  (void)batch, (void)verdicts, (void)context;
  return 9;
}

static int32_t odd_verdict(const cjobs_table *batch, uint8_t *verdicts, void *context) {
  (void)context;
  if (cjobs_table_rows(batch) > 1) verdicts[1] = 77;
  return 0;
}

static void whole_tables(void) {
  cjobs_hooks *hooks = open_hooks();
  cjobs_hook_options options = CJOBS_HOOK_OPTIONS_INIT;
  int64_t rows = 0;
  options.function = (cjobs_function)whole_table;
  options.context = &rows;
  check_ok(cjobs_hooks_bind_batch(hooks, CJOBS_EVENT_ENTRY, "whole", &options, NULL, &hook_error),
           &hook_error, "a function for whole tables");
  check_text(log_through(client, "tail.lines.5", hooks, CJOBS_OK), "line 0|line 1|line 3|line 4",
             "it decides a row each");
  check_int(rows, 5, "having seen them all");
  check_int(hook_figure(hooks, 0, "calls"), 1, "in one call");
  check_int(hook_figure(hooks, 0, "drops"), 1, "one drop");
  cjobs_hooks_close(hooks);

  hooks = open_hooks();
  options.function = NULL;
  options.library = plugin_path();
  check_ok(cjobs_hooks_bind_batch(hooks, CJOBS_EVENT_ENTRY, "plugin_every_second", &options, NULL,
                                  &hook_error),
           &hook_error, "one of a plugin");
  bind_hook(hooks, CJOBS_EVENT_ENTRY, "line plugin_borrowed(data)", NULL);
  check_text(log_through(client, "tail.lines.5", hooks, CJOBS_OK), "<line 0>|<line 2>|<line 4>",
             "before one for single lines");
  cjobs_hooks_close(hooks);

  hooks = open_hooks();
  options.library = NULL;
  options.function = (cjobs_function)odd_verdict;
  cjobs_hooks_bind_batch(hooks, CJOBS_EVENT_ENTRY, "odd", &options, NULL, NULL);
  check_text(log_through(client, "tail.lines.3", hooks, CJOBS_OK), "line 0|line 2",
             "a verdict that is none withholds its row");
  options.function = (cjobs_function)refuse;
  cjobs_hooks_bind_batch(hooks, CJOBS_EVENT_ENTRY, "refuse", &options, NULL, NULL);
  check_text(log_through(client, "tail.lines.3", hooks, CJOBS_OK), "",
             "one that fails withholds all");
  check_text(hook_error_text(hooks, 1), "it returned 9", "and is counted");
  cjobs_hooks_close(hooks);
}

/* Called from a hook: lists jobs, with the same set. */
static void call_back(const char *guid) {
  cjobs_call_options call = CJOBS_CALL_OPTIONS_INIT;
  cjobs_table *table = NULL;
  call.hooks = own;
  (void)guid;
  inner_status = cjobs_jobs_list(client, "fine", &call, &table, NULL);
  inner_rows = (int)cjobs_table_rows(table);
  cjobs_table_free(table);
}

/* Reads a log through the set that it is called from: once, or it would never end. */
static void nest(const char *data) {
  static int depth;
  cjobs_call_options call = CJOBS_CALL_OPTIONS_INIT;
  cjobs_table *table = NULL;
  char before[64];
  snprintf(before, sizeof before, "%s", data);
  call.hooks = own;
  if (depth++ == 0) inner_status = cjobs_job_log(client, "fine", "k1", 0, &call, &table, NULL);
  depth--;
  check_text(data, before, "what a hook was given stays, whatever it calls");
  cjobs_table_free(table);
}

static void hooks_call_the_library(void) {
  own = open_hooks();
  bind_hook(own, CJOBS_EVENT_ENTRY, "void call_back(content_guid)", (cjobs_function)call_back);
  log_through(client, "fine", own, CJOBS_OK);
  check_int(inner_status, CJOBS_OK, "a hook may list jobs");
  check_int(inner_rows, 2, "and gets them");
  cjobs_hooks_close(own);
  own = open_hooks();
  bind_hook(own, CJOBS_EVENT_ENTRY, "void nest(data)", (cjobs_function)nest);
  log_through(client, "fine", own, CJOBS_OK);
  check_int(inner_status, CJOBS_OK, "a hook may run hooks");
  check(hook_figure(own, 0, "calls") >= 6, "also itself");
  cjobs_hooks_close(own);
}

static cjobs_tail *followed;
static void next_again(const char *data) {
  cjobs_table *table = NULL;
  (void)data;
  inner_status = cjobs_tail_next(followed, 0, &table, NULL);
}

static void not_its_own_tail(void) {
  static const char *const guid = "tail.lines.2", *key = "k1";
  cjobs_call_options call = CJOBS_CALL_OPTIONS_INIT;
  cjobs_table *table = NULL;
  call.hooks = open_hooks();
  bind_hook(call.hooks, CJOBS_EVENT_ENTRY, "void next_again(data)", (cjobs_function)next_again);
  check_ok(cjobs_tail_open(client, &guid, &key, 1, NULL, &call, &followed, &hook_error),
           &hook_error, "a tail");
  cjobs_tail_next(followed, 10000, &table, NULL);
  check_int(inner_status, CJOBS_E_BUSY, "a hook may not read the tail that it runs in");
  cjobs_table_free(table);
  cjobs_tail_close(followed);
  cjobs_hooks_close(call.hooks);
}

static void leave(void) {
  seen++;
  if (seen == 1) check_int(cjobs_hooks_unbind(own, own_hook, NULL), CJOBS_OK, "a hook goes");
}

static void close_set(void) {
  seen++;
  if (seen == 1) cjobs_hooks_close(own);
}

static void unbinding(void) {
  own = open_hooks();
  own_hook = bind_hook(own, CJOBS_EVENT_ENTRY, "void leave()", (cjobs_function)leave);
  log_through(client, "fine", own, CJOBS_OK);
  check_int(seen, 3, "one that unbinds itself is called to the end of the batch");
  log_through(client, "fine", own, CJOBS_OK);
  check_int(seen, 3, "and then no more");
  check_fails(cjobs_hooks_unbind(own, own_hook, &hook_error), CJOBS_E_INVALID_ARGUMENT, &hook_error,
              "it cannot be unbound twice");
  bind_hook(own, CJOBS_EVENT_ENTRY, "void close_set()", (cjobs_function)close_set);
  seen = 0;
  log_through(client, "fine", own, CJOBS_OK);
  check_int(seen, 3, "a set may be closed in its own hook");
}

static void slow(void) { sleep_ms(60); }

static void taking_long(void) {
  cjobs_hooks *hooks = open_hooks();
  bind_hook(hooks, CJOBS_EVENT_ENTRY, "void slow()", (cjobs_function)slow);
  check_text(tail_through(client, "tail.lines.3", hooks, CJOBS_DONE), "line 0|line 1|line 2",
             "a slow hook loses nothing");
  check(hook_figure(hooks, 0, "time_ns") >= 180000000, "its time is told");
  cjobs_hooks_close(hooks);
}

static void *read_often(void *data) {
  cjobs_call_options call = CJOBS_CALL_OPTIONS_INIT;
  int64_t *wrong = data;
  call.hooks = own;
  for (int round = 0; round < 40; round++) {
    cjobs_table *table = NULL;
    if (cjobs_job_log(client, "fine", "k1", 0, &call, &table, NULL) != CJOBS_OK) ++*wrong;
    if (cjobs_table_rows(table) != 2) ++*wrong;
    cjobs_table_free(table);
  }
  return NULL;
}

static void many_threads(void) {
  pthread_t threads[4];
  int64_t wrong[4] = {0, 0, 0, 0};
  own = open_hooks();
  bind_hook(own, CJOBS_EVENT_ENTRY, "verdict plugin_drop_errors(source)", NULL);
  for (int at = 0; at < 4; at++) pthread_create(&threads[at], NULL, read_often, &wrong[at]);
  for (int round = 0; round < 200; round++) {
    int64_t hook = 0;
    cjobs_hook_options options = CJOBS_HOOK_OPTIONS_INIT;
    options.library = plugin_path();
    if (cjobs_hooks_bind(own, CJOBS_EVENT_ENTRY, "line plugin_upper(data, data_len)", NULL, &hook,
                         NULL) == CJOBS_OK)
      check(0, "a function of the plugin is not in the program");
    cjobs_hooks_bind(own, CJOBS_EVENT_ENTRY, "verdict plugin_drop_errors(source)", &options, &hook,
                     NULL);
    cjobs_hooks_unbind(own, hook, NULL);
  }
  for (int at = 0; at < 4; at++) pthread_join(threads[at], NULL);
  check_int(wrong[0] + wrong[1] + wrong[2] + wrong[3], 0, "four threads share a set that changes");
  check_int(hook_figure(own, 0, "calls"), 4 * 40 * 3, "every call is counted");
  cjobs_hooks_close(own);
}

/* A tail that is read as an Arrow stream. */
static void in_a_stream(void) {
  static const char *const guid = "tail.lines.5", *const key = "k1";
  cjobs_call_options call = CJOBS_CALL_OPTIONS_INIT;
  cjobs_tail *tail = NULL;
  struct ArrowArrayStream stream;
  struct ArrowArray array;
  int64_t rows = 0;
  call.hooks = open_hooks();
  bind_hook(call.hooks, CJOBS_EVENT_ENTRY, "verdict plugin_drop_errors(source)", NULL);
  check_ok(cjobs_tail_open(client, &guid, &key, 1, NULL, &call, &tail, &hook_error), &hook_error,
           "a tail");
  check_ok(cjobs_tail_stream(tail, &stream, &hook_error), &hook_error, "as a stream");
  cjobs_tail_close(tail);
  cjobs_hooks_close(call.hooks);
  while (stream.get_next(&stream, &array) == 0 && array.release != NULL) {
    rows += array.length;
    array.release(&array);
  }
  stream.release(&stream);
  check_int(rows, 4, "goes through the hooks");
}

int main(void) {
  client = open_client(NULL);
  whole_tables();
  hooks_call_the_library();
  not_its_own_tail();
  unbinding();
  taking_long();
  many_threads();
  in_a_stream();
  cjobs_client_close(client);
  return finish_checks();
}
