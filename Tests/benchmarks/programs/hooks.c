/* What hooks cost: reads the log of job argv[1] with and without them, argv[2] times each, and says
 * how long the best of each took. A bare ffi_call of the same function stands beside it. */
#include <ffi.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "connectjobs.h"
#include "measure.h"

static const char *guid = "11111111-1111-4111-8111-111111111111";
static const char *key;
static cjobs_client *client;
static cjobs_error *error;

/* What the hooks call. Not inlined, and not known to the compiler as a constant. */
__attribute__((noinline)) int keep(const char *source, int64_t timestamp_ns) {
  return source[3] == 'x' && timestamp_ns == 1;
}

__attribute__((noinline)) int keep_most(const char *source, int64_t timestamp_ns) {
  return source[3] == 'e' && timestamp_ns % 2 == 0;
}

__attribute__((noinline)) char *redact(char *data, size_t length) {
  char *found = memmem(data, length, "password=", 9);
  if (found != NULL) memset(found + 9, '*', strcspn(found + 9, " "));
  return data;
}

static int32_t whole(const cjobs_table *batch, uint8_t *verdicts, void *context) {
  (void)context;
  verdicts[0] = cjobs_table_rows(batch) < 0;
  return 0;
}

static void fail(void) {
  fprintf(stderr, "%s\n", cjobs_error_message(error));
  exit(1);
}

static double read_log(cjobs_hooks *hooks, int64_t *rows) {
  cjobs_call_options call = CJOBS_CALL_OPTIONS_INIT;
  cjobs_table *table = NULL;
  call.hooks = hooks;
  double start = seconds_now();
  if (cjobs_job_log(client, guid, key, 0, &call, &table, &error) != CJOBS_OK) fail();
  double taken = seconds_now() - start;
  *rows = cjobs_table_rows(table);
  cjobs_table_free(table);
  return taken;
}

/* Nanoseconds a call in the hooks' own statistics; the fastest batch is not known, so the mean. */
static double cost(cjobs_hooks *hooks) {
  cjobs_table *table = NULL;
  int64_t calls = 0, time = 0;
  if (cjobs_hooks_stats(hooks, &table, &error) != CJOBS_OK) fail();
  cjobs_table_int(table, cjobs_table_index(table, "calls"), 0, &calls, NULL, NULL);
  cjobs_table_int(table, cjobs_table_index(table, "time_ns"), 0, &time, NULL, NULL);
  cjobs_table_free(table);
  return calls == 0 ? 0 : (double)time / (double)calls;
}

/* One way to read: a hook, or none, and what it cost. */
struct way {
  const char *name, *signature;
  cjobs_function function;
  double best, least;
  int64_t rows;
};

static void measure(struct way *way) {
  cjobs_hook_options options = CJOBS_HOOK_OPTIONS_INIT;
  cjobs_hooks *hooks = NULL;
  options.function = way->function;
  cjobs_status status = cjobs_hooks_open(NULL, &hooks, &error);
  if (status == CJOBS_OK && way->signature != NULL)
    status = cjobs_hooks_bind(hooks, CJOBS_EVENT_ENTRY, way->signature, &options, NULL, &error);
  else if (status == CJOBS_OK && way->function != NULL)
    status = cjobs_hooks_bind_batch(hooks, CJOBS_EVENT_ENTRY, way->name, &options, NULL, &error);
  if (status != CJOBS_OK) fail();
  double taken = read_log(hooks, &way->rows), each = cost(hooks);
  if (taken < way->best) way->best = taken;
  if (each < way->least) way->least = each;
  cjobs_hooks_close(hooks);
}

static void measure_bare(int rounds) {
  enum { calls = 1000000 };
  ffi_type *types[] = {&ffi_type_pointer, &ffi_type_sint64};
  const char *source = "stdout";
  int64_t time = 7;
  void *values[] = {&source, &time};
  ffi_cif cif;
  ffi_arg result;
  double best = 1e9;
  if (ffi_prep_cif(&cif, FFI_DEFAULT_ABI, 2, &ffi_type_sint, types) != FFI_OK) exit(1);
  for (int round = 0; round < rounds; round++) {
    double start = seconds_now();
    for (time = 0; time < calls; time++) ffi_call(&cif, FFI_FN(keep), &result, values);
    double taken = seconds_now() - start;
    if (taken < best) best = taken;
  }
  printf("{\"name\": \"ffi_call\", \"seconds\": %.6f, \"rows\": %d, \"ns\": %.1f}\n", best, calls,
         best * 1e9 / calls);
}

int main(int count, char **arguments) {
  if (count < 3) return 2;
  int rounds = atoi(arguments[2]);
  key = arguments[1];
  if (cjobs_client_open(NULL, &client, &error) != CJOBS_OK) fail();
  struct way ways[] = {
      {"none", NULL, NULL, 1e9, 1e9, 0},
      {"keep", "verdict keep(source, timestamp_ns)", (cjobs_function)keep, 1e9, 1e9, 0},
      {"keep_most", "verdict keep_most(source, timestamp_ns)", (cjobs_function)keep_most, 1e9, 1e9,
       0},
      {"redact", "line redact(data, data_len)", (cjobs_function)redact, 1e9, 1e9, 0},
      {"whole", NULL, (cjobs_function)whole, 1e9, 1e9, 0},
  };
  size_t known = sizeof ways / sizeof ways[0];
  measure_bare(rounds);
  /* Each way in each round, so that a busy minute of the machine meets them all. */
  for (int round = 0; round < rounds; round++)
    for (size_t at = 0; at < known; at++) measure(&ways[at]);
  for (size_t at = 0; at < known; at++)
    printf("{\"name\": \"%s\", \"seconds\": %.6f, \"rows\": %lld, \"ns\": %.1f}\n", ways[at].name,
           ways[at].best, (long long)ways[at].rows, ways[at].least);
  cjobs_client_close(client);
  return 0;
}
