/* Clients, content items and jobs: a function for each of the library's, which only translates. */
#include "shim.h"

static void close_client(void *native) { cj_api.client_close(native); }

/* Where the numbers of r_client_open stand. */
enum {
  INSECURE,
  MAX_RETRIES,
  CONNECT_TIMEOUT,
  REQUEST_TIMEOUT,
  IDLE_TIMEOUT,
  MAX_RESPONSE,
  MAX_ENTRY
};

/* `strings`: server, api_key, auth_header, ca_file, proxy, user_agent; NA: not given. */
SEXP r_client_open(SEXP strings, SEXP headers, SEXP numbers) {
  struct cj_call call;
  cjobs_client *client = NULL;
  const char *const *text = cj_utf8s(strings);
  const double *number = REAL(numbers);
  cjobs_client_options options = CJOBS_CLIENT_OPTIONS_INIT;
  options.server = text[0];
  options.api_key = text[1];
  options.auth_header = text[2];
  options.ca_file = text[3];
  options.proxy = text[4];
  options.user_agent = text[5];
  options.headers = XLENGTH(headers) == 0 ? NULL : cj_utf8s(headers);
  options.insecure = (int32_t)number[INSECURE];
  options.max_retries = (int32_t)number[MAX_RETRIES];
  options.connect_timeout_ms = (int64_t)number[CONNECT_TIMEOUT];
  options.request_timeout_ms = (int64_t)number[REQUEST_TIMEOUT];
  options.idle_timeout_ms = (int64_t)number[IDLE_TIMEOUT];
  options.max_response_bytes = (int64_t)number[MAX_RESPONSE];
  options.max_entry_bytes = (int64_t)number[MAX_ENTRY];
  options.interrupt = cj_interrupt;
  options.log = cj_note;

  SEXP pointer = PROTECT(cj_handle_new(close_client));
  cj_begin(&call, pointer);
  call.status = cj_api.client_open(&options, &client, &call.result->error);
  cj_handle_open(pointer, client);
  SEXP value = cj_finish(&call);
  UNPROTECT(1);
  return call.status == CJOBS_OK ? pointer : value;
}

SEXP r_client_server(SEXP pointer) {
  SEXP server = PROTECT(Rf_allocVector(STRSXP, 1));
  const char *address = cj_api.client_server(cj_handle_of(pointer)->native);
  SET_STRING_ELT(server, 0, Rf_mkCharCE(address, CE_UTF8));
  UNPROTECT(1);
  return server;
}

/* One call that gives a table. What stands between the client and the options is given last. */
#define CJ_TABLE_CALL(client, function, ...)                                                   \
  struct cj_call call;                                                                         \
  cjobs_call_options options = CJOBS_CALL_OPTIONS_INIT;                                        \
  cj_begin(&call, client);                                                                     \
  call.status = cj_api.function(call.handle->native, __VA_ARGS__, cj_hooked(client, &options), \
                                &call.result->table, &call.result->error);                     \
  return cj_finish(&call)

SEXP r_content_list(SEXP client, SEXP name) {
  const char *text = cj_utf8(name);
  CJ_TABLE_CALL(client, content_list, text);
}

SEXP r_jobs_list(SEXP client, SEXP guid) {
  const char *text = cj_utf8(guid);
  CJ_TABLE_CALL(client, jobs_list, text);
}

SEXP r_jobs_list_many(SEXP client, SEXP guids, SEXP max_concurrent) {
  const char *const *texts = cj_utf8s(guids);
  size_t n = (size_t)XLENGTH(guids);
  int32_t most = (int32_t)cj_int64(max_concurrent);
  CJ_TABLE_CALL(client, jobs_list_many, texts, n, most);
}

SEXP r_job_get(SEXP client, SEXP guid, SEXP key) {
  const char *guid_text = cj_utf8(guid), *key_text = cj_utf8(key);
  CJ_TABLE_CALL(client, job_get, guid_text, key_text);
}

SEXP r_job_log(SEXP client, SEXP guid, SEXP key, SEXP max_log_lines) {
  const char *guid_text = cj_utf8(guid), *key_text = cj_utf8(key);
  int64_t lines = cj_int64(max_log_lines);
  CJ_TABLE_CALL(client, job_log, guid_text, key_text, lines);
}

SEXP r_job_error(SEXP client, SEXP guid, SEXP key) {
  const char *guid_text = cj_utf8(guid), *key_text = cj_utf8(key);
  CJ_TABLE_CALL(client, job_error, guid_text, key_text);
}

SEXP r_job_kill(SEXP client, SEXP guid, SEXP keys, SEXP confirm_ms) {
  const char *text = cj_utf8(guid);
  const char *const *texts = cj_utf8s(keys);
  size_t n = (size_t)XLENGTH(keys);
  int64_t confirm = cj_int64(confirm_ms);
  CJ_TABLE_CALL(client, job_kill, text, texts, n, confirm);
}

SEXP r_job_kill_active(SEXP client, SEXP guid, SEXP confirm_ms) {
  const char *text = cj_utf8(guid);
  int64_t confirm = cj_int64(confirm_ms);
  CJ_TABLE_CALL(client, job_kill_active, text, confirm);
}

SEXP r_job_wait(SEXP client, SEXP guid, SEXP key, SEXP until, SEXP timeout_ms) {
  const char *guid_text = cj_utf8(guid), *key_text = cj_utf8(key);
  int32_t state = (int32_t)cj_int64(until);
  int64_t timeout = cj_int64(timeout_ms);
  CJ_TABLE_CALL(client, job_wait, guid_text, key_text, state, timeout);
}

SEXP r_job_download(SEXP client, SEXP guid, SEXP key, SEXP path, SEXP overwrite) {
  struct cj_call call;
  const char *guid_text = cj_utf8(guid), *key_text = cj_utf8(key);
  /* A path is in the encoding of the session, as for R's own functions. */
  const char *file = Rf_translateChar(STRING_ELT(path, 0));
  uint32_t flags = Rf_asLogical(overwrite) == TRUE ? CJOBS_DOWNLOAD_OVERWRITE : 0;
  cj_begin(&call, client);
  call.status = cj_api.job_download_file(call.handle->native, guid_text, key_text, file, flags,
                                         NULL, NULL, NULL, &call.result->error);
  return cj_finish(&call);
}
