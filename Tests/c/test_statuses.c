/* Every answer that is no success has its own status, and says what Connect said. */
#include <stdio.h>
#include <string.h>

#include "fixture.h"

struct answer {
  const char *guid;
  cjobs_status status;
  int http_status;
  int64_t code;
  int retryable;
};

static const struct answer answers[] = {
    {"error.400.3", CJOBS_E_BAD_REQUEST, 400, 3, 0},
    {"error.401.24", CJOBS_E_UNAUTHENTICATED, 401, 24, 0},
    {"error.401.30", CJOBS_E_UNAUTHENTICATED, 401, 30, 0},
    {"error.402.0", CJOBS_E_HTTP, 402, 0, 0},
    {"error.403.22", CJOBS_E_FORBIDDEN, 403, 22, 0},
    {"error.403.50", CJOBS_E_FORBIDDEN, 403, 50, 0},
    {"error.404.4", CJOBS_E_NOT_FOUND, 404, 4, 0},
    {"error.404.141", CJOBS_E_NOT_FOUND, 404, 141, 1},
    {"error.404.2", CJOBS_E_UNSUPPORTED, 404, 2, 0},
    {"error.404.99", CJOBS_E_UNSUPPORTED, 404, 99, 0},
    {"error.405.2", CJOBS_E_HTTP, 405, 2, 0},
    {"error.409.163", CJOBS_E_CONFLICT, 409, 163, 0},
    {"error.418.7", CJOBS_E_HTTP, 418, 7, 0},
    {"error.429.0", CJOBS_E_RATE_LIMITED, 429, 0, 1},
    {"error.500.1", CJOBS_E_SERVER, 500, 1, 0},
    {"error.502.1", CJOBS_E_SERVER, 502, 1, 1},
    {"error.503.1", CJOBS_E_SERVER, 503, 1, 1},
    {"error.504.1", CJOBS_E_SERVER, 504, 1, 1},
    {"bare.400", CJOBS_E_BAD_REQUEST, 400, 0, 0},
    {"bare.401", CJOBS_E_UNAUTHENTICATED, 401, 0, 0},
    {"bare.402", CJOBS_E_HTTP, 402, 0, 0},
    {"bare.403", CJOBS_E_FORBIDDEN, 403, 0, 0},
    {"bare.404", CJOBS_E_UNSUPPORTED, 404, 0, 0},
    {"bare.409", CJOBS_E_CONFLICT, 409, 0, 0},
    {"bare.429", CJOBS_E_RATE_LIMITED, 429, 0, 1},
    {"bare.500", CJOBS_E_SERVER, 500, 0, 0},
    {"bare.503", CJOBS_E_SERVER, 503, 0, 1},
    {"html.401", CJOBS_E_UNAUTHENTICATED, 401, 0, 0},
    {"html.404", CJOBS_E_UNSUPPORTED, 404, 0, 0},
    {"html.502", CJOBS_E_SERVER, 502, 0, 1},
    {"plain.404", CJOBS_E_UNSUPPORTED, 404, 0, 0},
    {"no-location.302", CJOBS_E_HTTP, 302, 0, 0},
    {"bare.304", CJOBS_E_HTTP, 304, 0, 0},
    {"odd-error.404.no-code", CJOBS_E_UNSUPPORTED, 404, 0, 0},
    {"odd-error.404.no-words", CJOBS_E_NOT_FOUND, 404, 4, 0},
    {"odd-error.404.list", CJOBS_E_UNSUPPORTED, 404, 0, 0},
    {"odd-error.404.null", CJOBS_E_UNSUPPORTED, 404, 0, 0},
    {"odd-error.403.cut", CJOBS_E_FORBIDDEN, 403, 4, 0},
    {"odd-error.404.cut", CJOBS_E_NOT_FOUND, 404, 4, 0},
    {"odd-error.404.control", CJOBS_E_NOT_FOUND, 404, 4, 0},
    {"odd-error.500.long", CJOBS_E_SERVER, 500, 0, 0},
    {"odd-error.500.deep", CJOBS_E_SERVER, 500, 0, 0},
    {"odd-error.500.wrong-utf8", CJOBS_E_SERVER, 500, 0, 0},
    {"endless-error", CJOBS_E_SERVER, 500, 0, 0},
};

static void each_has_its_own(cjobs_client *client) {
  for (size_t at = 0; at < sizeof answers / sizeof answers[0]; at++) {
    const struct answer *answer = &answers[at];
    const char *guid = marked(answer->guid);
    const struct failure *failure = list_fails(client, guid, answer->status, answer->guid);
    check_int(failure->http_status, answer->http_status, "%s: HTTP status", answer->guid);
    check_int(failure->retryable, answer->retryable, "%s: retryable", answer->guid);
    if (strncmp(answer->guid, "odd-error.500", 13) != 0)
      check_int(failure->api_code, answer->code, "%s: Connect's code", answer->guid);
    check_text(failure->operation, "jobs_list", "%s: the operation", answer->guid);
    check_has(failure->url, guid, "%s: the address", answer->guid);
    if (strncmp(answer->guid, "error.", 6) == 0)
      check_has(failure->message, "Connect's words for", "%s: Connect's words", answer->guid);
    check_lacks(failure->message, "<", "%s: no page in the message", answer->guid);
    check(strlen(failure->message) < 1000, "%s: the message is short", answer->guid);
    check_int(count_requests(guid, ""), 1, "%s: sent once", answer->guid);
  }
}

/* The other operations go the same way. */
static void every_operation_has_them(cjobs_client *client) {
  const char *guid = "error.403.22", *key = "k1";
  cjobs_table *table = NULL;
  cjobs_error *error = NULL;
  cjobs_status got = cjobs_content_list(client, guid, NULL, &table, &error);
  check_fails(got, CJOBS_E_FORBIDDEN, &error, "content_list gives the server's status");
  got = cjobs_job_get(client, guid, key, NULL, &table, &error);
  check_fails(got, CJOBS_E_FORBIDDEN, &error, "job_get gives the server's status");
  got = cjobs_job_log(client, guid, key, 0, NULL, &table, &error);
  check_fails(got, CJOBS_E_FORBIDDEN, &error, "job_log gives the server's status");
  got = cjobs_job_error(client, guid, key, NULL, &table, &error);
  check_fails(got, CJOBS_E_FORBIDDEN, &error, "job_error gives the server's status");
  got = cjobs_job_kill_active(client, guid, 0, NULL, &table, &error);
  check_fails(got, CJOBS_E_FORBIDDEN, &error, "job_kill_active gives the status of listing");
  got = cjobs_job_wait(client, guid, key, CJOBS_UNTIL_FINISHED, 0, NULL, &table, &error);
  check_fails(got, CJOBS_E_FORBIDDEN, &error, "job_wait gives the server's status");
  got = cjobs_job_download_file(client, guid, key, "never", 0, NULL, NULL, NULL, &error);
  check_fails(got, CJOBS_E_FORBIDDEN, &error, "job_download_file gives the server's status");
}

static void names(void) {
  check_text(cjobs_status_name(CJOBS_OK), "OK", "the name of 0");
  check_text(cjobs_status_name(CJOBS_E_NOT_FOUND), "NOT_FOUND", "the name of NOT_FOUND");
  check_text(cjobs_status_name(CJOBS_E_INTERNAL), "INTERNAL", "the name of the last status");
  check_text(cjobs_status_name(3), "UNKNOWN", "the name of 3");
  check_text(cjobs_status_name(-26), "UNKNOWN", "the name of -26");
  check_text(cjobs_version(), CJOBS_VERSION, "the library's version is the header's");
  check_int(cjobs_abi_version(), CJOBS_ABI_VERSION, "the ABI is the header's");
}

int main(void) {
  cjobs_client *client = open_client(NULL);
  each_has_its_own(client);
  every_operation_has_them(client);
  check_usable(client, "all those answers");
  names();
  cjobs_client_close(client);
  return finish_checks();
}
