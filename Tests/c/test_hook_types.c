/* Every type that a hooked function may take or return, and calls with a variadic part. */
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hooking.h"

static cjobs_client *client;
static char got[4096];

#define GOT(...) snprintf(got, sizeof got, __VA_ARGS__)

/* Has the function called for the first line of a log, and looks at what it has got. */
static void called(const char *signature, cjobs_function function, const char *wanted) {
  cjobs_hooks *hooks = open_hooks();
  got[0] = '\0';
  bind_hook(hooks, CJOBS_EVENT_ENTRY, signature, function);
  log_through(client, "lines.formats", hooks, CJOBS_OK);
  check_text(got, wanted, "%s", signature);
  cjobs_hooks_close(hooks);
}

static void small(bool a, char b, signed char c, unsigned char d, short e, unsigned short f) {
  GOT("%d %d %d %d %d %d", a, b, c, d, e, f);
}
static void fixed8(int8_t a, uint8_t b, int16_t c, uint16_t d) { GOT("%d %d %d %d", a, b, c, d); }
static void fixed32(int32_t a, uint32_t b, int64_t c, uint64_t d) {
  GOT("%" PRId32 " %" PRIu32 " %" PRId64 " %" PRIu64, a, b, c, d);
}
static void plain(int a, unsigned b, long c, unsigned long d, long long e, unsigned long long f) {
  GOT("%d %u %ld %lu %lld %llu", a, b, c, d, e, f);
}
static void sizes(size_t a, intptr_t b, uintptr_t c, ptrdiff_t d, intmax_t e, uintmax_t f) {
  GOT("%zu %" PRIdPTR " %" PRIuPTR " %td %" PRIdMAX " %" PRIuMAX, a, b, c, d, e, f);
}
static void reals(float a, double b, float c, double d) { GOT("%g %g %g %g", a, b, c, d); }
static void pointers(const char *a, const unsigned char *b, void *c, void *d, const char *e) {
  GOT("%s %s %d %d %s", a, (const char *)b, c == NULL, d != NULL, e);
}
static void eight_reals_and_more(double a, double b, double c, double d, double e, double f,
                                 double g, double h, double i, float j) {
  GOT("%g %g %g %g %g %g %g %g %g %g", a, b, c, d, e, f, g, h, i, j);
}
static void sixteen(int a, double b, const char *c, float d, int64_t e, uint8_t f, double g, int h,
                    float i, short j, double k, long l, bool m, double n, unsigned o, float p) {
  GOT("%d %g %s %g %" PRId64 " %d %g %d %g %d %g %ld %d %g %u %g", a, b, c, d, e, f, g, h, i, j, k,
      l, m, n, o, p);
}
static void fields(const char *guid, size_t guid_length, const char *key, const char *source,
                   int source_length, int64_t time, double also, const char *data) {
  if (got[0] == '\0')
    GOT("%s %zu %s %s %d %" PRId64 " %.0f %s", guid, guid_length, key, source, source_length, time,
        also, data);
}
static void nothing(void) { GOT("called"); }

static void arguments(void) {
  called(
      "void small((bool)1, (char)65, (signed char)-128, (unsigned char)255, (short)-32768, "
      "(unsigned short)65535)",
      (cjobs_function)small, "1 65 -128 255 -32768 65535");
  called("void fixed8((int8_t)-128, (uint8_t)255, (int16_t)-32768, (uint16_t)65535)",
         (cjobs_function)fixed8, "-128 255 -32768 65535");
  called(
      "void fixed32((int32_t)-2147483648, (uint32_t)4294967295, -9223372036854775808, "
      "18446744073709551615)",
      (cjobs_function)fixed32, "-2147483648 4294967295 -9223372036854775808 18446744073709551615");
  called(
      "void plain(-1, (unsigned)1, (long)-2, (unsigned long int)2, (long long)-3, "
      "0xffffffffffffffff)",
      (cjobs_function)plain, "-1 1 -2 2 -3 18446744073709551615");
  called(
      "void sizes((size_t)1, (intptr_t)-2, (uintptr_t)3, (ptrdiff_t)-4, (intmax_t)-5, "
      "(uintmax_t)6)",
      (cjobs_function)sizes, "1 -2 3 -4 -5 6");
  called("void reals((float)0.5, -1e3, (float)7, (double)-8)", (cjobs_function)reals,
         "0.5 -1000 7 -8");
  called(
      "void pointers(\"a\\tb\\\"\\\\\", (const unsigned char *)\"\xc3\xa9\", NULL, context, "
      "(char *)\"\")",
      (cjobs_function)pointers, "a\tb\"\\ \xc3\xa9 1 1 ");
}

static void many_arguments(void) {
  called("void eight_reals_and_more(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, (float)10)",
         (cjobs_function)eight_reals_and_more, "1 2 3 4 5 6 7 8 9 10");
  called(
      "void sixteen(1, 2.5, \"three\", (float)4.5, (int64_t)5, (uint8_t)6, 7.5, 8, (float)9.5, "
      "(short)10, 11.5, (long)12, (bool)1, 14.5, (unsigned)15, (float)16.5)",
      (cjobs_function)sixteen, "1 2.5 three 4.5 5 6 7.5 8 9.5 10 11.5 12 1 14.5 15 16.5");
  called(
      "void fields(content_guid, content_guid_len, job_key, source, (int)source_len,\n"
      "            timestamp_ns, (double)timestamp_ns, data)",
      (cjobs_function)fields,
      "lines.formats 13 k1 stdout 6 1733512169000000000 1733512169000000000 %s%s%s%s%n");
  called("void nothing()", (cjobs_function)nothing, "called");
}

/* What a function of each type returns; below zero, it failed. */
static int8_t r_int8(void) { return -1; }
static int16_t r_int16(void) { return -300; }
static int r_int(void) { return -70000; }
static long r_long(void) { return LONG_MIN; }
static int64_t r_int64(void) { return -5000000000; }
static float r_float(void) { return -0.5f; }
static double r_double(void) { return -1e300; }
static int8_t r_good8(void) { return 127; }
static int16_t r_good16(void) { return 0x7fff; }
static int64_t r_good64(void) { return 5000000000; }
static uint8_t r_uint8(void) { return 255; }
static uint16_t r_uint16(void) { return 65535; }
static uint32_t r_uint32(void) { return 0xffffffff; }
static uint64_t r_uint64(void) { return UINT64_MAX; }
static bool r_bool(void) { return true; }
static float r_goodf(void) { return 0.5f; }
static double r_good(void) { return 1e300; }

static void results(void) {
  static const struct {
    const char *signature;
    cjobs_function function;
    const char *error;
  } all[] = {
      {"int8_t f()", (cjobs_function)r_int8, "it returned -1"},
      {"signed char f()", (cjobs_function)r_int8, "it returned -1"},
      {"int16_t f()", (cjobs_function)r_int16, "it returned -300"},
      {"int f()", (cjobs_function)r_int, "it returned -70000"},
      {"status f()", (cjobs_function)r_int, "it returned -70000"},
      {"verdict f()", (cjobs_function)r_int, "it returned -70000"},
      {"long f()", (cjobs_function)r_long, "it returned -9223372036854775808"},
      {"int64_t f()", (cjobs_function)r_int64, "it returned -5000000000"},
      {"float f()", (cjobs_function)r_float, "it returned -0.5"},
      {"double f()", (cjobs_function)r_double, "it returned -1e+300"},
      {"int8_t f()", (cjobs_function)r_good8, ""},
      {"short f()", (cjobs_function)r_good16, ""},
      {"long long f()", (cjobs_function)r_good64, ""},
      {"uint8_t f()", (cjobs_function)r_uint8, ""},
      {"unsigned short f()", (cjobs_function)r_uint16, ""},
      {"unsigned f()", (cjobs_function)r_uint32, ""},
      {"size_t f()", (cjobs_function)r_uint64, ""},
      {"bool f()", (cjobs_function)r_bool, ""},
      {"float f()", (cjobs_function)r_goodf, ""},
      {"double f()", (cjobs_function)r_good, ""},
      {"void f()", (cjobs_function)r_int, ""},
  };
  for (size_t at = 0; at < sizeof all / sizeof all[0]; at++) {
    cjobs_hooks *hooks = open_hooks();
    bind_hook(hooks, CJOBS_EVENT_ENTRY, all[at].signature, all[at].function);
    log_through(client, "fine", hooks, CJOBS_OK);
    check_text(hook_error_text(hooks, 0), all[at].error, "what %s returned", all[at].signature);
    check_int(hook_figure(hooks, 0, "errors"), all[at].error[0] == '\0' ? 0 : 3, "its errors");
    cjobs_hooks_close(hooks);
  }
}

static void numbers_that_do_not_fit(void) {
  cjobs_hooks *hooks = open_hooks();
  got[0] = '\0';
  bind_hook(hooks, CJOBS_EVENT_ENTRY, "void nothing((int)timestamp_ns)", (cjobs_function)nothing);
  log_through(client, "fine", hooks, CJOBS_OK);
  check_text(got, "", "a call is not made with a number that does not fit");
  check_has(hook_error_text(hooks, 0), "does not fit into its type int32_t", "the error says so");
  cjobs_hooks_close(hooks);
}

/* A variadic function of the plugin; the formats are the ones that real ones have. */
static void variadic(const char *signature, const char *guid, const char *wanted) {
  cjobs_hooks *hooks = open_hooks();
  plugin_is_new();
  bind_hook(hooks, CJOBS_EVENT_ENTRY, signature, NULL);
  log_through(client, guid, hooks, CJOBS_OK);
  check_text(plugin_says(), wanted, "%s of %s", signature, guid);
  cjobs_hooks_close(hooks);
}

static void variadic_calls(void) {
  variadic("int plugin_print(NULL, (size_t)0, \"%s/%.*s;\", ..., source, (int)data_len, data)",
           "fine", "stdout/line 0;stdout/line 1;stderr/line 2;");
  variadic("int plugin_print(NULL, (size_t)0, \"[%s]\", ..., data)", "lines.formats",
           "[%s%s%s%s%n][100%][%1$s]");
  variadic(
      "int plugin_print(NULL, (size_t)0, \"%d %u %ld %lld %zu %hhd %x|\", ..., -1, (unsigned)2, "
      "(long)-3, timestamp_ns, data_len, (int8_t)-5, 255)",
      "tail.lines.1", "-1 2 -3 1733512169000000000 6 -5 ff|");
  variadic(
      "int plugin_print(NULL, (size_t)0, \"%g %.1f %s %c %5d%%|\", ..., 0.5, (float)1.5, \"x\", "
      "65, (bool)1)",
      "tail.lines.1", "0.5 1.5 x A     1%|");
  variadic(
      "int plugin_print(NULL, (size_t)0, \"%g %g %g %g %g %g %g %g %g %g|\", ..., 1.0, 2.0, 3.0, "
      "4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0)",
      "tail.lines.1", "1 2 3 4 5 6 7 8 9 10|");
  variadic("int plugin_print(NULL, (size_t)0, \"nothing|\", ...)", "tail.lines.1", "nothing|");
  variadic("int plugin_journal(\"MESSAGE=%s\", ..., data, \"JOB=%s\", job_key, NULL)",
           "tail.lines.2", "MESSAGE=line 0;JOB=k1;MESSAGE=line 1;JOB=k1;");
}

int main(void) {
  client = open_client(NULL);
  arguments();
  many_arguments();
  results();
  numbers_that_do_not_fit();
  variadic_calls();
  cjobs_client_close(client);
  return finish_checks();
}
