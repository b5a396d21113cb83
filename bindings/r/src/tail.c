/* Following jobs. */
#include <math.h>
#include <time.h>

#include "shim.h"

static void close_tail(void *native) { cj_api.tail_close(native); }

/* A key that is NA: all jobs of that item. `numbers`: start, lines, since in seconds, retry budget
 * in ms. */
SEXP r_tail_open(SEXP client, SEXP guids, SEXP keys, SEXP numbers) {
  struct cj_call call;
  cjobs_tail *tail = NULL;
  const char *const *guid_texts = cj_utf8s(guids);
  const char *const *key_texts = cj_utf8s(keys);
  size_t n = (size_t)XLENGTH(guids);
  const double *number = REAL(numbers);
  cjobs_tail_options options = CJOBS_TAIL_OPTIONS_INIT;
  cjobs_call_options hooks = CJOBS_CALL_OPTIONS_INIT;
  options.start = (int32_t)number[0];
  options.lines = (int64_t)number[1];
  options.since_ns = (int64_t)(number[2] * 1e9);
  options.retry_budget_ms = (int64_t)number[3];

  SEXP pointer = PROTECT(cj_handle_new(close_tail));
  cj_begin(&call, client);
  call.status = cj_api.tail_open(call.handle->native, guid_texts, key_texts, n, &options,
                                 cj_hooked(client, &hooks), &tail, &call.result->error);
  cj_handle_open(pointer, tail);
  SEXP value = cj_finish(&call);
  UNPROTECT(1);
  return call.status == CJOBS_OK ? pointer : value;
}

static double now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* How long R is not asked whether the user wants to stop. */
#define SLICE_MS 50.0

/* The next entries; the status DONE or TIMEOUT; or the failure. In slices, with R's own check
 * between them, and not by the interrupt callback: that would end the tail, and whoever calls this
 * in a loop of their own can go on after Ctrl-C. */
SEXP r_tail_next(SEXP pointer, SEXP timeout_ms) {
  double end = now_ms() + Rf_asReal(timeout_ms);
  for (;;) {
    struct cj_call call;
    double left = end - now_ms();
    int64_t slice = left <= 0 ? 0 : (int64_t)ceil(fmin(left, SLICE_MS));
    R_CheckUserInterrupt();
    cj_begin(&call, pointer);
    call.deaf = 1;
    call.status =
        cj_api.tail_next(call.handle->native, slice, &call.result->table, &call.result->error);
    SEXP value = cj_finish(&call);
    if (call.status != CJOBS_TIMEOUT || left <= 0) return value;
  }
}

SEXP r_tail_summary(SEXP pointer) {
  struct cj_call call;
  cj_begin(&call, pointer);
  call.status = cj_api.tail_summary(call.handle->native, &call.result->table, &call.result->error);
  return cj_finish(&call);
}
