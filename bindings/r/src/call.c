/* One call of the library: who owns what it gives, and how R's interrupts get through. */
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "shim.h"

static void release_result(struct cj_result *result) {
  if (result->table != NULL) cj_api.table_free(result->table);
  if (result->error != NULL) cj_api.error_free(result->error);
  result->table = NULL;
  result->error = NULL;
}

static void finalize_result(SEXP owner) {
  struct cj_result *result = R_ExternalPtrAddr(owner);
  if (result == NULL) return;
  R_ClearExternalPtr(owner);
  release_result(result);
  free(result);
}

/* ---- Interrupts ---- */

/* The call that is being made. The library is given no pointer of ours, since a tail outlives the
 * call that opened it. */
static struct cj_call *current;

static SEXP check(void *unused) {
  (void)unused;
  R_CheckUserInterrupt();
  return R_NilValue;
}

/* R wants to jump (an interrupt that nobody resumed, a time limit): not over the library. Back into
 * cj_interrupt, whose frame is above the library's. */
static void hold_jump(void *back, Rboolean jump) {
  if (jump) longjmp(*(jmp_buf *)back, 1);
}

/* R_UnwindProtect rather than R_ToplevelExec: the caller's own tryCatch(interrupt = ) is seen, and
 * the very same jump goes on when the library has returned. */
int cj_interrupt(void *user_data) {
  (void)user_data;
  struct cj_call *call = current;
  jmp_buf back;
  if (call == NULL || call->deaf) return 0;
  if (call->interrupted) return 1;
  if (setjmp(back) != 0) {
    current = call; /* whatever R code ran meanwhile */
    call->interrupted = 1;
    return 1;
  }
  R_UnwindProtect(check, NULL, hold_jump, &back, call->token);
  return 0;
}

/* Raises R's interrupt again, for R code that had to catch it. By the signal, since R offers no
 * other way to all versions; with no frame of the library on the stack. */
SEXP r_interrupt(void) {
  raise(SIGINT);
  R_CheckUserInterrupt();
  return R_NilValue;
}

/* ---- Notes: the library's warnings, kept until R can be told ---- */

static char notes[4096];

void cj_note(int32_t level, const char *message, void *user_data) {
  (void)user_data;
  size_t used = strlen(notes), length = strlen(message);
  /* One that does not fit is dropped whole: a cut could be inside a character. */
  if (level < CJOBS_LOG_WARNING || used + length + 2 > sizeof notes) return;
  memcpy(notes + used, message, length);
  memcpy(notes + used + length, "\n", 2);
}

SEXP r_notes(void) {
  if (notes[0] == '\0') return R_NilValue;
  SEXP text = PROTECT(Rf_allocVector(STRSXP, 1));
  SET_STRING_ELT(text, 0, Rf_mkCharLenCE(notes, (int)strlen(notes) - 1, CE_UTF8));
  notes[0] = '\0';
  UNPROTECT(1);
  return text;
}

/* ---- The call ---- */

void cj_begin(struct cj_call *call, SEXP pointer) {
  memset(call, 0, sizeof *call);
  call->handle = cj_handle_of(pointer);
  if (call->handle == NULL) Rf_error("not a handle"); /* R code has checked */
  call->token = PROTECT(R_MakeUnwindCont());
  call->owner = PROTECT(R_MakeExternalPtr(NULL, R_NilValue, R_NilValue));
  R_RegisterCFinalizerEx(call->owner, finalize_result, TRUE);
  call->result = calloc(1, sizeof *call->result);
  if (call->result == NULL) Rf_error("no memory for a result");
  R_SetExternalPtrAddr(call->owner, call->result);
  call->outer = current;
  current = call;
  call->handle->busy++;
}

void cj_end(struct cj_call *call) {
  call->handle->busy--;
  current = call->outer;
  if (call->interrupted) {
    release_result(call->result);
    R_ContinueUnwind(call->token);
  }
}

static SEXP utf8_or_na(const char *text) {
  return Rf_ScalarString(text[0] == '\0' ? NA_STRING : Rf_mkCharCE(text, CE_UTF8));
}

SEXP cj_failure(struct cj_result *result) {
  const char *names[] = {"status", "http_status", "code",    "operation",
                         "url",    "retryable",   "message", ""};
  const cjobs_error *error = result->error;
  int http_status = cj_api.error_http_status(error);
  int64_t code = cj_api.error_api_code(error);
  SEXP list = PROTECT(Rf_mkNamed(VECSXP, names));
  SET_VECTOR_ELT(list, 0, Rf_mkString(cj_api.status_name(cj_api.error_status(error))));
  SET_VECTOR_ELT(list, 1, Rf_ScalarInteger(http_status == 0 ? NA_INTEGER : http_status));
  SET_VECTOR_ELT(list, 2, Rf_ScalarReal(code == 0 ? NA_REAL : (double)code));
  SET_VECTOR_ELT(list, 3, utf8_or_na(cj_api.error_operation(error)));
  SET_VECTOR_ELT(list, 4, utf8_or_na(cj_api.error_url(error)));
  SET_VECTOR_ELT(list, 5, Rf_ScalarLogical(cj_api.error_retryable(error) != 0));
  SET_VECTOR_ELT(list, 6, utf8_or_na(cj_api.error_message(error)));
  SEXP class = PROTECT(Rf_mkString("cj_failure"));
  Rf_classgets(list, class);
  release_result(result);
  UNPROTECT(2);
  return list;
}

SEXP cj_finish(struct cj_call *call) {
  SEXP value;
  cj_end(call);
  if (call->status < 0)
    value = cj_failure(call->result);
  else if (call->result->table != NULL)
    value = cj_frame(call->result);
  else
    value = Rf_ScalarInteger(call->status);
  release_result(call->result);
  UNPROTECT(2);
  return value;
}
