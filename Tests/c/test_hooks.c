/* Hooks on the lines of a job: they observe, decide, rewrite, fail, and go. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hooking.h"

static cjobs_client *client;
static char heard[4096];

static void hear(const char *text) {
  size_t length = strlen(heard);
  snprintf(heard + length, sizeof heard - length, "%s;", text);
}

static void observe(const char *data) { hear(data); }

/* The number at the end of "line 7". */
static int number_of(const char *data) { return atoi(strrchr(data, ' ') + 1); }

static int drop_odd(const char *data) { return number_of(data) % 2 == 1 ? CJOBS_DROP : CJOBS_KEEP; }

static int stop_at_three(const char *data) {
  return number_of(data) == 3 ? CJOBS_STOP : CJOBS_KEEP;
}

static int fail_at_two(const char *data) { return number_of(data) == 2 ? -5 : 0; }

static const char *rewrite_or_fail(const char *data) {
  static char line[64];
  if (number_of(data) == 1) return NULL;
  snprintf(line, sizeof line, number_of(data) == 2 ? "\xff%s" : "new %s", data);
  return line;
}

static const char *same(const char *data) { return data; }

static void no_hooks_change_nothing(void) {
  cjobs_hooks *hooks = open_hooks();
  check_text(log_through(client, "fine", hooks, CJOBS_OK), "line 0|line 1|line 2", "an empty set");
  cjobs_hooks_close(hooks);
  cjobs_hooks_close(NULL);
}

static void observers_see_each_line_once(void) {
  cjobs_hooks *hooks = open_hooks();
  heard[0] = '\0';
  bind_hook(hooks, CJOBS_EVENT_ENTRY, "void observe(data)", (cjobs_function)observe);
  check_text(log_through(client, "fine", hooks, CJOBS_OK), "line 0|line 1|line 2", "all lines");
  check_text(heard, "line 0;line 1;line 2;", "are seen in a log");
  heard[0] = '\0';
  check_text(tail_through(client, "tail.halves.4", hooks, CJOBS_DONE),
             "line 0|line 1|line 2|line 3", "all lines");
  check_text(heard, "line 0;line 1;line 2;line 3;", "are seen in a tail");
  check_int(hook_figure(hooks, 0, "calls"), 7, "seven calls");
  check_int(hook_figure(hooks, 0, "errors"), 0, "no error");
  check(hook_figure(hooks, 0, "time_ns") >= hook_figure(hooks, 0, "longest_ns"), "the times");
  check(hook_figure(hooks, 0, "longest_ns") > 0, "a time");
  cjobs_hooks_close(hooks);
}

static void dropped_lines_reach_nobody(void) {
  cjobs_hooks *hooks = open_hooks();
  heard[0] = '\0';
  bind_hook(hooks, CJOBS_EVENT_ENTRY, "verdict drop_odd(data)", (cjobs_function)drop_odd);
  bind_hook(hooks, CJOBS_EVENT_ENTRY, "void observe(data)", (cjobs_function)observe);
  check_text(tail_through(client, "tail.lines.5", hooks, CJOBS_DONE), "line 0|line 2|line 4",
             "odd lines are dropped");
  check_text(heard, "line 0;line 2;line 4;", "and reach no later hook");
  check_int(hook_figure(hooks, 0, "drops"), 2, "drops are counted");
  check_int(hook_figure(hooks, 1, "calls"), 3, "the later hook's calls");
  cjobs_hooks_close(hooks);
}

static void stop_ends_the_follow(void) {
  static const char *const key = "k1", *guid = "tail.lines.100.0.wait";
  cjobs_hooks *hooks = open_hooks();
  cjobs_call_options call = CJOBS_CALL_OPTIONS_INIT;
  cjobs_tail *tail = NULL;
  cjobs_table *table = NULL;
  heard[0] = '\0';
  bind_hook(hooks, CJOBS_EVENT_ENTRY, "verdict stop_at_three(data)", (cjobs_function)stop_at_three);
  bind_hook(hooks, CJOBS_EVENT_ENTRY, "void observe(data)", (cjobs_function)observe);
  check_text(log_through(client, "tail.lines.9", hooks, CJOBS_OK), "line 0|line 1|line 2",
             "a log ends before the line");
  check_text(heard, "line 0;line 1;line 2;", "and for the later hook");
  call.hooks = hooks;
  check_ok(cjobs_tail_open(client, &guid, &key, 1, NULL, &call, &tail, &hook_error), &hook_error,
           "a tail that would go on");
  /* The tail keeps what it needs. */
  cjobs_hooks_close(hooks);
  int64_t rows = 0;
  while (cjobs_tail_next(tail, 10000, &table, &hook_error) == CJOBS_OK) {
    rows += cjobs_table_rows(table);
    cjobs_table_free(table);
  }
  check_int(rows, 3, "three lines are delivered");
  check_int(cjobs_tail_next(tail, 10000, &table, &hook_error), CJOBS_DONE, "then it is done");
  check_ok(cjobs_tail_summary(tail, &table, &hook_error), &hook_error, "a summary");
  check_cell_text(table, "end_reason", 0, "stopped");
  cjobs_table_free(table);
  cjobs_tail_close(tail);
}

static void rewriting_replaces_the_text(void) {
  cjobs_hooks *hooks = open_hooks();
  plugin_is_new();
  bind_hook(hooks, CJOBS_EVENT_ENTRY, "line free(plugin_free) plugin_upper(data, data_len)", NULL);
  bind_hook(hooks, CJOBS_EVENT_ENTRY, "line plugin_borrowed(data)", NULL);
  bind_hook(hooks, CJOBS_EVENT_ENTRY, "line free(free) same(data)", (cjobs_function)same);
  check_text(log_through(client, "fine", hooks, CJOBS_OK), "<LINE 0>|<LINE 1>|<LINE 2>",
             "each line is rewritten twice");
  check_text(plugin_says(), "fff", "what the plugin made is freed by the plugin");
  check_text(tail_through(client, "tail.lines.2", hooks, CJOBS_DONE), "<LINE 0>|<LINE 1>",
             "in a tail, too");
  cjobs_hooks_close(hooks);
}

static void rewriting_fails_closed(void) {
  cjobs_hooks *hooks = open_hooks();
  bind_hook(hooks, CJOBS_EVENT_ENTRY, "line rewrite_or_fail(data)",
            (cjobs_function)rewrite_or_fail);
  check_text(log_through(client, "tail.lines.4", hooks, CJOBS_OK), "new line 0|new line 3",
             "NULL and what is not UTF-8 are withheld");
  check_int(hook_figure(hooks, 0, "errors"), 2, "and counted as errors");
  check_int(hook_figure(hooks, 0, "drops"), 2, "and as drops");
  check_has(hook_error_text(hooks, 0), "UTF-8", "the last error is told");
  cjobs_hooks_close(hooks);
}

static void failures_are_counted_or_end_the_call(void) {
  cjobs_hooks *hooks = open_hooks();
  bind_hook(hooks, CJOBS_EVENT_ENTRY, "int fail_at_two(data)", (cjobs_function)fail_at_two);
  check_text(log_through(client, "tail.lines.4", hooks, CJOBS_OK), "line 0|line 1|line 2|line 3",
             "an observer that fails withholds nothing");
  check_int(hook_figure(hooks, 0, "errors"), 1, "and is counted");
  check_text(hook_error_text(hooks, 0), "it returned -5", "its last error");
  cjobs_hooks_close(hooks);

  hooks = open_hooks();
  bind_hook(hooks, CJOBS_EVENT_ENTRY, "verdict fail_at_two(data)", (cjobs_function)fail_at_two);
  check_text(log_through(client, "tail.lines.4", hooks, CJOBS_OK), "line 0|line 1|line 3",
             "a verdict that is none withholds the line");
  cjobs_hooks_close(hooks);

  hooks = open_hooks();
  bind_ending(hooks, CJOBS_EVENT_ENTRY, "status fail_at_two(data)", (cjobs_function)fail_at_two);
  check_text(log_through(client, "tail.lines.4", hooks, CJOBS_E_HOOK), "", "a log fails");
  check_text(tail_through(client, "tail.lines.4", hooks, CJOBS_E_HOOK), "line 0|line 1",
             "a tail gives what was before");
  cjobs_hooks_close(hooks);
}

static void lines_with_a_nul(void) {
  cjobs_hooks *hooks = open_hooks();
  heard[0] = '\0';
  bind_hook(hooks, CJOBS_EVENT_ENTRY, "void observe(data)", (cjobs_function)observe);
  log_through(client, "lines.nul", hooks, CJOBS_OK);
  check_text(heard, "before;after;;", "a call without the length is not made for a NUL");
  check_int(hook_figure(hooks, 0, "errors"), 1, "which is an error");
  check_has(hook_error_text(hooks, 0), "NUL", "that says so");
  cjobs_hooks_close(hooks);

  hooks = open_hooks();
  bind_hook(hooks, CJOBS_EVENT_ENTRY, "line plugin_borrowed(data)", NULL);
  check_text(log_through(client, "lines.nul", hooks, CJOBS_OK), "<before>|<after>|<>",
             "a rewriter withholds the line");
  cjobs_hooks_close(hooks);

  hooks = open_hooks();
  bind_hook(hooks, CJOBS_EVENT_ENTRY, "line free(free) plugin_upper(data, data_len)", NULL);
  check_text(log_through(client, "lines.nul", hooks, CJOBS_OK), "BEFORE|IN|AFTER|",
             "one that takes the length is called");
  cjobs_hooks_close(hooks);
}

int main(void) {
  client = open_client(NULL);
  no_hooks_change_nothing();
  observers_see_each_line_once();
  dropped_lines_reach_nobody();
  stop_ends_the_follow();
  rewriting_replaces_the_text();
  rewriting_fails_closed();
  failures_are_counted_or_end_the_call();
  lines_with_a_nul();
  cjobs_client_close(client);
  return finish_checks();
}
