/* A plugin's manifest: all of it is bound, or nothing. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hooking.h"

static cjobs_client *client;
static const char *const path = "plugin.json";

static void write_file(const char *text, size_t length) {
  FILE *file = fopen(path, "wb");
  if (file == NULL || fwrite(text, 1, length, file) != length) check(0, "the manifest is written");
  if (file != NULL) fclose(file);
}

/* A manifest with this between its braces; @ stands for the plugin's path. */
static void manifest(const char *members) {
  char text[16384];
  const char *at = strchr(members, '@');
  if (at == NULL)
    snprintf(text, sizeof text, "{%s}", members);
  else
    snprintf(text, sizeof text, "{%.*s%s%s}", (int)(at - members), members, plugin_path(), at + 1);
  write_file(text, strlen(text));
}

static void a_whole_plugin(void) {
  cjobs_hooks *hooks = open_hooks();
  plugin_is_new();
  manifest(
      "\"connectjobs_plugin\": 1,\n"
      "\"libraries\": {\"p\": \"@\", \"c\": \"libc.so.6\"},\n"
      "\"constants\": {\"SIZE\": 0, \"HALF\": 0.5, \"TEMPLATE\": \"%s %g \\u00e9;\"},\n"
      "\"hooks\": [\n"
      " {\"event\": \"entry\", \"library\": \"p\", \"call\": \"verdict "
      "plugin_drop_errors(source)\"},\n"
      " {\"event\": \"entry\", \"library\": \"p\", \"call\":"
      "  \"line free(plugin_free) plugin_upper(data, data_len)\"},\n"
      " {\"event\": \"entry\", \"library\": \"p\", \"call\":"
      "  \"int plugin_print(NULL, (size_t)SIZE, TEMPLATE, ..., data, HALF)\"},\n"
      " {\"event\": \"entry\", \"library\": \"p\", \"batch\": \"plugin_every_second\"},\n"
      " {\"event\": \"job_ended\", \"library\": \"c\", \"call\": \"int abs(exit_code)\"}]");
  check_ok(cjobs_hooks_load_manifest(hooks, path, NULL, &hook_error), &hook_error, "a manifest");
  check_text(log_through(client, "tail.lines.5", hooks, CJOBS_OK), "LINE 0|LINE 3",
             "its hooks run in order");
  check_has(plugin_says(), "LINE 0 0.5 \xc3\xa9;", "with its constants");
  check_text(tail_through(client, "tail.lines.2", hooks, CJOBS_DONE), "LINE 0", "in a tail");
  check_int(hook_figure(hooks, 4, "calls"), 1, "and the one of a job's end");
  cjobs_hooks_close(hooks);
}

static void failure_is_said_there(void) {
  cjobs_hooks *hooks = open_hooks();
  manifest(
      "\"connectjobs_plugin\": 1, \"failure\": \"end\", \"libraries\": {\"c\": \"libc.so.6\"},"
      "\"hooks\": [{\"event\": \"entry\", \"library\": \"c\", \"failure\": \"count\","
      "  \"call\": \"int atoi(\\\"-1\\\")\"},"
      " {\"event\": \"entry\", \"library\": \"c\", \"call\": \"int atoi(\\\"-2\\\")\"}]");
  check_ok(cjobs_hooks_load_manifest(hooks, path, NULL, &hook_error), &hook_error, "a manifest");
  log_through(client, "fine", hooks, CJOBS_E_HOOK);
  check_int(hook_figure(hooks, 0, "errors"), 3, "the first is counted");
  check_int(hook_figure(hooks, 1, "errors"), 1, "the second ends the call");
  cjobs_hooks_close(hooks);
}

static void check_refused(cjobs_hooks *hooks, cjobs_status wanted, const char *part,
                          const char *name) {
  cjobs_table *table = NULL;
  cjobs_status got = cjobs_hooks_load_manifest(hooks, path, NULL, &hook_error);
  const struct failure *failure = check_fails(got, wanted, &hook_error, "refused: %.70s", name);
  check_has(failure->message, part, "and the error says why");
  cjobs_hooks_stats(hooks, &table, NULL);
  check_int(cjobs_table_rows(table), 0, "nothing is bound");
  cjobs_table_free(table);
}

static void what_cannot_be_used(void) {
#define V "\"connectjobs_plugin\": 1, "
#define GOOD "{\"event\": \"entry\", \"call\": \"int atoi(data)\"}"
  static const struct {
    const char *members;
    cjobs_status status;
    const char *part;
  } bad[] = {
      {"", CJOBS_E_CONFIGURATION, "version"},
      {"\"connectjobs_plugin\": 2, \"future\": 1", CJOBS_E_CONFIGURATION, "version 2"},
      {"\"connectjobs_plugin\": \"1\"", CJOBS_E_CONFIGURATION, "whole number"},
      {V "\"hooks\": []", CJOBS_E_CONFIGURATION, "no hooks"},
      {V "\"hooks\": {}", CJOBS_E_CONFIGURATION, "not a list"},
      {V "\"hooks\": [1]", CJOBS_E_CONFIGURATION, "hooks[0] is no object"},
      {V "\"hooks\": [" GOOD "], \"hook\": 1", CJOBS_E_CONFIGURATION, "means nothing"},
      {V "\"hooks\": [" GOOD "], \"hooks\": []", CJOBS_E_CONFIGURATION, "twice"},
      {V "\"hooks\": [{\"call\": \"int atoi(data)\"}]", CJOBS_E_CONFIGURATION, "no \"event\""},
      {V "\"hooks\": [{\"event\": \"line\", \"call\": \"int atoi(data)\"}]", CJOBS_E_CONFIGURATION,
       "not known"},
      {V "\"hooks\": [{\"event\": \"entry\"}]", CJOBS_E_CONFIGURATION, "\"call\" and \"batch\""},
      {V "\"hooks\": [{\"event\": \"entry\", \"call\": \"int atoi(data)\", \"batch\": \"b\"}]",
       CJOBS_E_CONFIGURATION, "\"call\" and \"batch\""},
      {V "\"hooks\": [" GOOD ", {\"event\": \"entry\", \"call\": \"int\\natoi(nonsense)\"}]",
       CJOBS_E_INVALID_ARGUMENT, "hooks[1]: The signature cannot be used: line 2, column 6"},
      {V "\"hooks\": [" GOOD ", {\"event\": \"entry\", \"call\": \"int no_such(data)\"}]",
       CJOBS_E_CONFIGURATION, "no_such"},
      {V "\"hooks\": [{\"event\": \"entry\", \"batch\": \"\"}]", CJOBS_E_INVALID_ARGUMENT, "empty"},
      {V "\"hooks\": [{\"event\": \"entry\", \"call\": \"int printf(data)\"}]",
       CJOBS_E_INVALID_ARGUMENT, "format"},
      {V "\"hooks\": [{\"event\": \"entry\", \"library\": \"x\", \"call\": \"int atoi(data)\"}]",
       CJOBS_E_CONFIGURATION, "of no entry"},
      {V "\"libraries\": {\"x\": \"\"}, \"hooks\": [" GOOD "]", CJOBS_E_CONFIGURATION, "no path"},
      {V
       "\"libraries\": {\"x\": \"./no.so\"}, \"hooks\": [{\"event\": \"entry\", \"library\": \"x\","
       "\"call\": \"int atoi(data)\"}]",
       CJOBS_E_CONFIGURATION, "/no.so"},
      {V "\"constants\": {\"data\": 1}, \"hooks\": [" GOOD "]", CJOBS_E_CONFIGURATION, "taken"},
      {V "\"constants\": {\"NULL\": 1}, \"hooks\": [" GOOD "]", CJOBS_E_CONFIGURATION, "taken"},
      {V "\"constants\": {\"a b\": 1}, \"hooks\": [" GOOD "]", CJOBS_E_CONFIGURATION, "name"},
      {V "\"constants\": {\"\": 1}, \"hooks\": [" GOOD "]", CJOBS_E_CONFIGURATION, "name"},
      {V "\"constants\": {\"A\": true}, \"hooks\": [" GOOD "]", CJOBS_E_CONFIGURATION,
       "no number or text"},
      {V "\"constants\": {\"A\": \"x\\u0000y\"}, \"hooks\": [" GOOD "]", CJOBS_E_CONFIGURATION,
       "NUL"},
      {V "\"failure\": \"stop\", \"hooks\": [" GOOD "]", CJOBS_E_CONFIGURATION, "\"failure\""},
      {V "\"hooks\": [" GOOD "", CJOBS_E_CONFIGURATION, "manifest"},
  };
  cjobs_hooks *hooks = open_hooks();
  for (size_t at = 0; at < sizeof bad / sizeof bad[0]; at++) {
    manifest(bad[at].members);
    check_refused(hooks, bad[at].status, bad[at].part, bad[at].members);
  }
  write_file("", 0);
  check_refused(hooks, CJOBS_E_CONFIGURATION, "manifest", "an empty file");
  write_file("[]", 2);
  check_refused(hooks, CJOBS_E_CONFIGURATION, "no object", "a list");
  write_file("{} {}", 5);
  check_refused(hooks, CJOBS_E_CONFIGURATION, "manifest", "two documents");
  write_file("{\"a\": \"\xff\"}", 11);
  check_refused(hooks, CJOBS_E_CONFIGURATION, "manifest", "what is not UTF-8");
  char *large = malloc(1 << 20);
  memset(large, '[', 1 << 20);
  write_file(large, 100000);
  check_refused(hooks, CJOBS_E_CONFIGURATION, "manifest", "deep nesting");
  write_file(large, 1 << 20);
  check_refused(hooks, CJOBS_E_CONFIGURATION, "larger than", "1 MB of text");
  free(large);
  check_fails(cjobs_hooks_load_manifest(hooks, "", NULL, &hook_error), CJOBS_E_INVALID_ARGUMENT,
              &hook_error, "an empty path");
  check_fails(cjobs_hooks_load_manifest(hooks, "nowhere.json", NULL, &hook_error),
              CJOBS_E_CONFIGURATION, &hook_error, "no file");
  cjobs_hooks_close(hooks);
}

/* A plugin that comes and goes takes nothing along. */
static void load_and_unload(void) {
  int64_t before = 0, rounds = 10000, most = 2, wrong = 0;
  manifest(
      "\"connectjobs_plugin\": 1, \"libraries\": {\"p\": \"@\"}, \"constants\": {\"A\": \"x\"},"
      "\"hooks\": [{\"event\": \"entry\", \"library\": \"p\", \"call\":"
      " \"line free(plugin_free) plugin_upper(data, data_len)\"},"
      " {\"event\": \"entry\", \"library\": \"p\", \"call\":"
      " \"int plugin_print(NULL, (size_t)0, \\\"%s %s\\\", ..., A, data)\"}]");
  /* valgrind and the sanitizer keep what was freed for a while, and find leaks by themselves. */
  if (getenv("UNDER") != NULL || getenv("SANITIZE") != NULL) rounds = 100, most = 64;
  cjobs_hooks *kept = open_hooks();
  for (int64_t round = 0; round < rounds; round++) {
    cjobs_hooks_options options = CJOBS_HOOKS_OPTIONS_INIT;
    cjobs_hooks *hooks = NULL;
    cjobs_hook_options plugin = CJOBS_HOOK_OPTIONS_INIT;
    int64_t hook = 0;
    if (round == rounds / 10) before = peak_mib();
    plugin.library = plugin_path();
    options.flags = CJOBS_HOOKS_ALLOW_WRITABLE;
    if (cjobs_hooks_open(&options, &hooks, NULL) != CJOBS_OK ||
        cjobs_hooks_load_manifest(hooks, path, NULL, NULL) != CJOBS_OK ||
        cjobs_hooks_bind(kept, CJOBS_EVENT_ENTRY, "line plugin_borrowed(data)", &plugin, &hook,
                         NULL) != CJOBS_OK ||
        cjobs_hooks_unbind(kept, hook, NULL) != CJOBS_OK)
      wrong++;
    cjobs_hooks_close(hooks);
  }
  check_int(wrong, 0, "a plugin is loaded and unloaded %d times", (int)rounds);
  check(dlopen(plugin_path(), RTLD_NOW | RTLD_NOLOAD) == NULL, "it is gone after that");
  check(peak_mib() - before <= most, "memory stays flat: %d MiB more", (int)(peak_mib() - before));
  cjobs_hooks_close(kept);
}

int main(void) {
  client = open_client(NULL);
  load_and_unload();
  a_whole_plugin();
  failure_is_said_there();
  what_cannot_be_used();
  cjobs_client_close(client);
  return finish_checks();
}
