/* The hooks of a client. The client's external pointer protects that of its hooks, so that a call
 * finds them, and they live as long as it. */
#include "shim.h"

static void close_hooks(void *native) { cj_api.hooks_close(native); }

const cjobs_call_options *cj_hooked(SEXP client, cjobs_call_options *options) {
  struct cj_handle *hooks = cj_handle_of(R_ExternalPtrProtected(client));
  if (hooks == NULL || hooks->native == NULL) return NULL;
  options->hooks = hooks->native;
  return options;
}

/* A new set of hooks in the place of the client's. */
SEXP r_hooks_open(SEXP client, SEXP allow_writable) {
  struct cj_call call;
  cjobs_hooks *hooks = NULL;
  cjobs_hooks_options options = CJOBS_HOOKS_OPTIONS_INIT;
  if (Rf_asLogical(allow_writable) == TRUE) options.flags = CJOBS_HOOKS_ALLOW_WRITABLE;
  SEXP pointer = PROTECT(cj_handle_new(close_hooks));
  cj_begin(&call, pointer);
  call.status = cj_api.hooks_open(&options, &hooks, &call.result->error);
  cj_handle_open(pointer, hooks);
  SEXP value = cj_finish(&call);
  if (call.status == CJOBS_OK) R_SetExternalPtrProtected(client, pointer);
  UNPROTECT(1);
  return call.status == CJOBS_OK ? pointer : value;
}

/* `texts`: signature (or name), library; NA: none. `numbers`: event, on_failure, batch. The
 * function's address, or NULL. Its number, or the failure. */
SEXP r_hooks_bind(SEXP hooks, SEXP texts, SEXP library, SEXP function, SEXP numbers) {
  struct cj_call call;
  int64_t hook = 0;
  const char *text = cj_utf8(texts);
  const double *number = REAL(numbers);
  cjobs_hook_options options = CJOBS_HOOK_OPTIONS_INIT;
  /* A path is in the encoding of the session, as for R's own functions. */
  if (!Rf_isNull(library)) options.library = Rf_translateChar(STRING_ELT(library, 0));
  if (!Rf_isNull(function)) options.function = (cjobs_function)R_ExternalPtrAddrFn(function);
  options.on_failure = (int32_t)number[1];
  cj_begin(&call, hooks);
  call.status = number[2] != 0 ? cj_api.hooks_bind_batch(call.handle->native, (int32_t)number[0],
                                                         text, &options, &hook, &call.result->error)
                               : cj_api.hooks_bind(call.handle->native, (int32_t)number[0], text,
                                                   &options, &hook, &call.result->error);
  SEXP value = cj_finish(&call);
  return call.status == CJOBS_OK ? Rf_ScalarReal((double)hook) : value;
}

SEXP r_hooks_unbind(SEXP hooks, SEXP hook) {
  struct cj_call call;
  int64_t number = cj_int64(hook);
  cj_begin(&call, hooks);
  call.status = cj_api.hooks_unbind(call.handle->native, number, &call.result->error);
  return cj_finish(&call);
}

SEXP r_hooks_load_manifest(SEXP hooks, SEXP path) {
  struct cj_call call;
  const char *file = Rf_translateChar(STRING_ELT(path, 0));
  cj_begin(&call, hooks);
  call.status = cj_api.hooks_load_manifest(call.handle->native, file, NULL, &call.result->error);
  return cj_finish(&call);
}

SEXP r_hooks_stats(SEXP hooks) {
  struct cj_call call;
  cj_begin(&call, hooks);
  call.status = cj_api.hooks_stats(call.handle->native, &call.result->table, &call.result->error);
  return cj_finish(&call);
}
