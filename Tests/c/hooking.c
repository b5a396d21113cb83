#include "hooking.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

cjobs_error *hook_error;

static void *symbol(const char *name) {
  static void *library;
  if (library == NULL) library = dlopen(plugin_path(), RTLD_NOW);
  if (library != NULL) return dlsym(library, name);
  printf("not ok the plugin loads: %s\n", dlerror());
  exit(1);
}

const char *plugin_path(void) {
  static char path[4096];
  snprintf(path, sizeof path, "%s/bin/libplugin.so", given("WORK"));
  return path;
}

const char *plugin_says(void) {
  const char *(*say)(void);
  *(void **)&say = symbol("plugin_said");
  return say();
}

int plugin_was_called(void) {
  int (*calls)(void);
  *(void **)&calls = symbol("plugin_calls");
  return calls();
}

void plugin_is_new(void) {
  void (*forget)(void);
  *(void **)&forget = symbol("plugin_forget");
  forget();
}

cjobs_hooks *open_hooks(void) {
  cjobs_hooks_options options = CJOBS_HOOKS_OPTIONS_INIT;
  cjobs_hooks *hooks = NULL;
  options.flags = CJOBS_HOOKS_ALLOW_WRITABLE;
  check_ok(cjobs_hooks_open(&options, &hooks, &hook_error), &hook_error, "a set of hooks");
  return hooks;
}

static int64_t bind_with(cjobs_hooks *hooks, int32_t event, const char *signature,
                         cjobs_function function, int32_t on_failure) {
  cjobs_hook_options options = CJOBS_HOOK_OPTIONS_INIT;
  int64_t hook = 0;
  options.function = function;
  options.on_failure = on_failure;
  options.context = hooks;
  if (function == NULL) options.library = plugin_path();
  check_ok(cjobs_hooks_bind(hooks, event, signature, &options, &hook, &hook_error), &hook_error,
           "bound: %s", signature);
  return hook;
}

int64_t bind_hook(cjobs_hooks *hooks, int32_t event, const char *signature,
                  cjobs_function function) {
  return bind_with(hooks, event, signature, function, CJOBS_ON_FAILURE_COUNT);
}

int64_t bind_ending(cjobs_hooks *hooks, int32_t event, const char *signature,
                    cjobs_function function) {
  return bind_with(hooks, event, signature, function, CJOBS_ON_FAILURE_END);
}

static void add_lines(const cjobs_table *table, char *text, size_t size) {
  for (int64_t row = 0; row < cjobs_table_rows(table); row++) {
    size_t length = strlen(text);
    snprintf(text + length, size - length, "%s%s", length == 0 ? "" : "|",
             cell(table, "data", row));
  }
}

const char *log_through(cjobs_client *client, const char *guid, cjobs_hooks *hooks,
                        cjobs_status wanted) {
  static char text[65536];
  cjobs_call_options call = CJOBS_CALL_OPTIONS_INIT;
  cjobs_table *table = NULL;
  call.hooks = hooks;
  text[0] = '\0';
  cjobs_status got = cjobs_job_log(client, guid, "k1", 0, &call, &table, &hook_error);
  if (wanted == CJOBS_OK)
    check_ok(got, &hook_error, "the log of %s", guid);
  else
    check_fails(got, wanted, &hook_error, "the log of %s", guid);
  add_lines(table, text, sizeof text);
  cjobs_table_free(table);
  return text;
}

const char *tail_through(cjobs_client *client, const char *guid, cjobs_hooks *hooks,
                         cjobs_status wanted) {
  static char text[65536];
  static const char *const key = "k1";
  cjobs_call_options call = CJOBS_CALL_OPTIONS_INIT;
  cjobs_tail *tail = NULL;
  cjobs_table *table = NULL;
  cjobs_status got;
  call.hooks = hooks;
  text[0] = '\0';
  check_ok(cjobs_tail_open(client, &guid, &key, 1, NULL, &call, &tail, &hook_error), &hook_error,
           "a tail of %s", guid);
  while ((got = cjobs_tail_next(tail, 10000, &table, &hook_error)) == CJOBS_OK) {
    add_lines(table, text, sizeof text);
    cjobs_table_free(table);
  }
  if (wanted == CJOBS_DONE)
    check_int(got, wanted, "the tail of %s ends", guid);
  else
    check_fails(got, wanted, &hook_error, "the tail of %s ends", guid);
  check_int(cjobs_tail_next(tail, 0, &table, NULL), wanted, "and again says so");
  cjobs_tail_close(tail);
  return text;
}

int64_t hook_figure(cjobs_hooks *hooks, int64_t row, const char *column) {
  cjobs_table *table = NULL;
  int64_t value = -1;
  check_ok(cjobs_hooks_stats(hooks, &table, &hook_error), &hook_error, "the statistics");
  cjobs_table_int(table, cjobs_table_index(table, column), row, &value, NULL, NULL);
  cjobs_table_free(table);
  return value;
}

const char *hook_error_text(cjobs_hooks *hooks, int64_t row) {
  static char text[1024];
  cjobs_table *table = NULL;
  check_ok(cjobs_hooks_stats(hooks, &table, &hook_error), &hook_error, "the statistics");
  snprintf(text, sizeof text, "%s", cell(table, "last_error", row));
  cjobs_table_free(table);
  return text;
}
