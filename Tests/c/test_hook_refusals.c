/* What cannot be bound: the error comes when it is bound, says where, and nothing is called. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hooking.h"

static cjobs_hooks *hooks;

static void refused(int32_t event, const char *signature, const char *library, cjobs_status wanted,
                    const char *part) {
  cjobs_hook_options options = CJOBS_HOOK_OPTIONS_INIT;
  int64_t hook = -7;
  options.library = library;
  cjobs_status got = cjobs_hooks_bind(hooks, event, signature, &options, &hook, &hook_error);
  const struct failure *failure =
      check_fails(got, wanted, &hook_error, "refused: %.60s", signature);
  check_has(failure->message, part, "and the error says why");
  check_int(hook, -7, "no number is given");
}

static void signature_refused(const char *signature, const char *part) {
  refused(CJOBS_EVENT_ENTRY, signature, plugin_path(), CJOBS_E_INVALID_ARGUMENT, part);
}

static void libraries_and_symbols(void) {
  refused(CJOBS_EVENT_ENTRY, "void f(data)", "/nowhere/libnothing.so", CJOBS_E_CONFIGURATION,
          "No such file");
  refused(CJOBS_EVENT_ENTRY, "void f(data)", "libnothing-of-that-name.so", CJOBS_E_CONFIGURATION,
          "libnothing-of-that-name.so");
  refused(CJOBS_EVENT_ENTRY, "void f(data)", "", CJOBS_E_INVALID_ARGUMENT, "empty");
  refused(CJOBS_EVENT_ENTRY, "void f(data)", "/", CJOBS_E_CONFIGURATION, "no regular file");
  refused(CJOBS_EVENT_ENTRY, "void f(data)", __FILE__, CJOBS_E_CONFIGURATION, "cannot be loaded");
  refused(CJOBS_EVENT_ENTRY, "void no_such_function(data)", plugin_path(), CJOBS_E_CONFIGURATION,
          "no_such_function");
  refused(CJOBS_EVENT_ENTRY, "void no_such_function(data)", NULL, CJOBS_E_CONFIGURATION,
          "the program itself");
  refused(CJOBS_EVENT_ENTRY, "void plugin_constant(data)", plugin_path(), CJOBS_E_CONFIGURATION,
          "is data");
  refused(CJOBS_EVENT_ENTRY, "void plugin_number(data)", plugin_path(), CJOBS_E_CONFIGURATION,
          "is data");
  refused(CJOBS_EVENT_ENTRY, "void plugin_of_thread(data)", plugin_path(), CJOBS_E_CONFIGURATION,
          "is data");
  refused(CJOBS_EVENT_ENTRY, "void environ(data)", "libc.so.6", CJOBS_E_CONFIGURATION, "is data");
  refused(CJOBS_EVENT_ENTRY, "line free(nowhere) plugin_borrowed(data)", plugin_path(),
          CJOBS_E_CONFIGURATION, "nowhere");
  refused(99, "void plugin_calls()", plugin_path(), CJOBS_E_INVALID_ARGUMENT, "99");
}

static void texts(void) {
  signature_refused("", "line 1, column 1");
  signature_refused("void", "name");
  signature_refused("void (data)", "name");
  signature_refused("void plugin_calls", "column 18");
  signature_refused("void plugin_calls(", "column 19");
  signature_refused("void plugin_calls(data", "column 23");
  signature_refused("void plugin_calls(data) x", "column 25");
  signature_refused("void plugin_calls(data,)", "column 24");
  signature_refused("void\n  plugin_calls(nonsense)", "line 2, column 16");
  signature_refused("void plugin_calls(nonsense)", "timestamp_ns");
  signature_refused("plugin_calls(data)", "missing");
  signature_refused("char *plugin_borrowed(data)", "pointer");
  signature_refused("struct x plugin_calls()", "struct x");
  signature_refused("void plugin_calls(\"no end)", "no end");
  signature_refused("void plugin_calls(\"\\q\")", "escapes");
  signature_refused("void plugin_calls(;)", "means nothing");
  signature_refused("void plugin_calls(exit_code)", "has no field");
  refused(CJOBS_EVENT_JOB_ENDED, "void plugin_calls(data)", plugin_path(), CJOBS_E_INVALID_ARGUMENT,
          "has no field");
  refused(CJOBS_EVENT_JOB_ENDED, "verdict plugin_calls()", plugin_path(), CJOBS_E_INVALID_ARGUMENT,
          "only a hook of");
  refused(CJOBS_EVENT_KILL_ORDERED, "line plugin_borrowed(job_key)", plugin_path(),
          CJOBS_E_INVALID_ARGUMENT, "only a hook of");
}

static void constants_and_types(void) {
  signature_refused("void plugin_calls((uint8_t)256)", "cannot be a uint8_t");
  signature_refused("void plugin_calls((unsigned)-1)", "cannot be");
  signature_refused("void plugin_calls((int)4294967296)", "cannot be");
  signature_refused("void plugin_calls(99999999999999999999)", "no number that fits");
  signature_refused("void plugin_calls(-9223372036854775809)", "fits no type");
  signature_refused("void plugin_calls((int)0.5)", "cannot be");
  signature_refused("void plugin_calls((float)1e300)", "cannot be");
  signature_refused("void plugin_calls(007)", "begin with 0");
  signature_refused("void plugin_calls((int)\"text\")", "cannot be");
  signature_refused("void plugin_calls((int)data)", "cannot be");
  signature_refused("void plugin_calls((char *)timestamp_ns)", "cannot be");
  signature_refused("void plugin_calls((int *)NULL)", "no type");
  signature_refused("void plugin_calls((long double)1.0)", "no type");
  signature_refused("void plugin_calls((FILE *)NULL)", "no type");
}

static void formats(void) {
  signature_refused("int printf(data)", "takes a format");
  signature_refused("int printf(\"fixed\")", "takes a format");
  signature_refused("int printf(data, ...)", "constant string");
  signature_refused("int __printf_chk(1, data)", "takes a format");
  signature_refused("void syslog(6, data)", "takes a format");
  signature_refused("void syslog(6, data, ...)", "constant string");
  signature_refused("int vprintf(\"%s\", NULL)", "cannot be hooked");
  signature_refused("int sscanf(data, \"%s\", ..., data)", "cannot be hooked");
  signature_refused("line free(printf) plugin_borrowed(data)", "cannot be hooked");
  signature_refused("int plugin_print(..., data)", "before the dots");
  signature_refused("int plugin_print(NULL, (size_t)0, ..., data)", "constant string");
  signature_refused("int plugin_print(\"a\", ..., \"b\", ...)", "only one");
  signature_refused("int printf(\"%s\", ...)", "nothing is left");
  signature_refused("int printf(\"%s\", ..., timestamp_ns)", "does not take");
  signature_refused("int printf(\"%d\", ..., data)", "does not take");
  signature_refused("int printf(\"%d\", ..., timestamp_ns)", "does not take");
  signature_refused("int printf(\"%ld\", ..., 7)", "does not take");
  signature_refused("int printf(\"%f\", ..., 7)", "does not take");
  signature_refused("int printf(\"%.*s\", ..., data_len, data)", "does not take");
  signature_refused("int printf(\"%s\", ..., context)", "does not take");
  signature_refused("int printf(\"%n\", ..., context)", "cannot be used");
  signature_refused("int printf(\"%1$s\", ..., data)", "cannot be used");
  signature_refused("int printf(\"%ls\", ..., data)", "cannot be used");
  signature_refused("int printf(\"%Lf\", ..., 1.0)", "cannot be used");
  signature_refused("int printf(\"%\", ..., 1)", "ends within");
  signature_refused("int printf(\"x\", ..., data)", "no conversion takes");
  signature_refused("int sd_journal_send(\"M=%s\", ..., data, data, NULL)", "no conversion takes");
  signature_refused("int sd_journal_send(\"M=%s\", ..., data, \"J=%s\", NULL)", "does not take");
}

static void sizes(void) {
  char *text = malloc((1 << 20) + 1);
  memset(text, 'x', 1 << 20);
  text[1 << 20] = '\0';
  signature_refused(text, "longer than");
  free(text);
  char many[1024] = "void plugin_calls(0";
  for (int at = 1; at < 33; at++) strcat(many, ",0");
  strcat(many, ")");
  signature_refused(many, "more than 32");
  signature_refused("void \xff(data)", "not UTF-8");
}

static void arguments(void) {
  cjobs_hook_options options = CJOBS_HOOK_OPTIONS_INIT;
  cjobs_hooks_options flags = CJOBS_HOOKS_OPTIONS_INIT;
  cjobs_hooks *none = hooks;
  check_fails(cjobs_hooks_bind(NULL, CJOBS_EVENT_ENTRY, "void f()", NULL, NULL, &hook_error),
              CJOBS_E_INVALID_ARGUMENT, &hook_error, "no set");
  check_fails(cjobs_hooks_bind(hooks, CJOBS_EVENT_ENTRY, NULL, NULL, NULL, &hook_error),
              CJOBS_E_INVALID_ARGUMENT, &hook_error, "no signature");
  options.library = "libc.so.6";
  options.function = (cjobs_function)plugin_is_new;
  check_fails(cjobs_hooks_bind(hooks, CJOBS_EVENT_ENTRY, "void f()", &options, NULL, &hook_error),
              CJOBS_E_INVALID_ARGUMENT, &hook_error, "both a library and a function");
  options.library = NULL;
  options.on_failure = 5;
  check_fails(cjobs_hooks_bind(hooks, CJOBS_EVENT_ENTRY, "void f()", &options, NULL, &hook_error),
              CJOBS_E_INVALID_ARGUMENT, &hook_error, "an unknown on_failure");
  options.on_failure = 0;
  options.function = (cjobs_function)(void (*)(void))(uintptr_t)&hooks;
  check_fails(cjobs_hooks_bind(hooks, CJOBS_EVENT_ENTRY, "void f()", &options, NULL, &hook_error),
              CJOBS_E_CONFIGURATION, &hook_error, "an address of data");
  options.struct_size = 4;
  check_fails(cjobs_hooks_bind(hooks, CJOBS_EVENT_ENTRY, "void f()", &options, NULL, &hook_error),
              CJOBS_E_INVALID_ARGUMENT, &hook_error, "a wrong size");
  check_fails(cjobs_hooks_bind_batch(hooks, CJOBS_EVENT_ENTRY, "", NULL, NULL, &hook_error),
              CJOBS_E_INVALID_ARGUMENT, &hook_error, "an empty name");
  flags.flags = 2;
  check_fails(cjobs_hooks_open(&flags, &none, &hook_error), CJOBS_E_INVALID_ARGUMENT, &hook_error,
              "unknown flags");
  check(none == NULL, "no set is given");
  check_fails(cjobs_hooks_open(NULL, NULL, &hook_error), CJOBS_E_INVALID_ARGUMENT, &hook_error,
              "nowhere to put the set");
  check_fails(cjobs_hooks_unbind(hooks, 1, &hook_error), CJOBS_E_INVALID_ARGUMENT, &hook_error,
              "unbinding nothing");
}

int main(void) {
  cjobs_table *table = NULL;
  hooks = open_hooks();
  plugin_is_new();
  libraries_and_symbols();
  texts();
  constants_and_types();
  formats();
  sizes();
  arguments();
  check_int(plugin_was_called(), 0, "nothing was called");
  check_ok(cjobs_hooks_stats(hooks, &table, &hook_error), &hook_error, "the statistics");
  check_int(cjobs_table_rows(table), 0, "nothing was bound");
  cjobs_table_free(table);
  cjobs_hooks_close(hooks);
  return finish_checks();
}
