/* What passes is tried again, as often and as late as was asked for; what does not is not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

static cjobs_error *error;

static cjobs_client *patient(int retries) {
  cjobs_client_options options = plain_options();
  options.max_retries = retries;
  return open_client(&options);
}

static void a_trouble_that_passes(void) {
  static const char *const guids[] = {
      "busy.502.1",   "busy.503.2",  "busy.504.1",   "busy.429.1",         "busy.429.1.0",
      "busy.503.1.0", "lost.2",      "cut.before.1", "cut.reset-before.1", "cut.head.1",
      "cut.length.1", "cut.chunk.1", "cut.reset.1",
  };
  cjobs_client *client = patient(3);
  for (size_t at = 0; at < sizeof guids / sizeof guids[0]; at++) {
    const char *guid = marked(guids[at]);
    cjobs_table *table = list_works(client, guid, guids[at]);
    check_int(cjobs_table_rows(table), 2, "%s: no row is lost or repeated", guids[at]);
    check(count_requests(guid, "GET") > 1, "%s: it was asked again", guids[at]);
    cjobs_table_free(table);
  }
  cjobs_client_close(client);
}

static void a_trouble_that_stays(void) {
  cjobs_client *client = patient(2);
  static const struct {
    const char *guid;
    cjobs_status status;
    int requests;
  } troubles[] = {
      {"error.503.1", CJOBS_E_SERVER, 3},
      {"error.429.0", CJOBS_E_RATE_LIMITED, 3},
      {"error.404.141", CJOBS_E_NOT_FOUND, 3},
      {"cut.length", CJOBS_E_NETWORK, 3},
      {"error.404.4", CJOBS_E_NOT_FOUND, 1},
      {"error.500.1", CJOBS_E_SERVER, 1},
      {"error.401.30", CJOBS_E_UNAUTHENTICATED, 1},
      {"body.truncated", CJOBS_E_PROTOCOL, 1},
      {"wait-please.3600", CJOBS_E_RATE_LIMITED, 1},
  };
  for (size_t at = 0; at < sizeof troubles / sizeof troubles[0]; at++) {
    const char *guid = marked(troubles[at].guid);
    list_fails(client, guid, troubles[at].status, troubles[at].guid);
    check_int(count_requests(guid, "GET"), troubles[at].requests, "%s: how often it was asked",
              troubles[at].guid);
  }
  cjobs_client_close(client);
}

static void no_retries(void) {
  cjobs_client *client = patient(-1);
  const char *guid = marked("busy.503.1");
  list_fails(client, guid, CJOBS_E_SERVER, "no retries");
  check_int(count_requests(guid, "GET"), 1, "asked once");
  cjobs_client_close(client);
}

static void retry_after_is_kept(void) {
  cjobs_client *client = patient(1);
  int64_t start = now_ms();
  cjobs_table_free(list_works(client, marked("busy.429.1.1"), "Retry-After: 1"));
  int64_t took = now_ms() - start;
  check(took >= 950, "the server's second is waited for (%d ms)", (int)took);
  cjobs_client_close(client);
}

/* A wait for a retry ends with the call's own timeout. */
static void a_wait_ends(void) {
  cjobs_client *client = patient(3);
  cjobs_call_options call = CJOBS_CALL_OPTIONS_INIT;
  cjobs_table *table = NULL;
  call.timeout_ms = 200;
  int64_t start = now_ms();
  check_fails(cjobs_jobs_list(client, "wait-please.30", &call, &table, &error), CJOBS_E_TIMED_OUT,
              &error, "a call's timeout while a retry is waited for");
  check(now_ms() - start < 3000, "it does not wait for the server's 30 s");
  cjobs_client_close(client);
  cjobs_client_options options = plain_options();
  options.max_retries = 3;
  options.request_timeout_ms = 200;
  client = open_client(&options);
  start = now_ms();
  list_fails(client, "wait-please.30", CJOBS_E_TIMED_OUT, "a request's timeout, retries included");
  check(now_ms() - start < 3000, "it does not wait for the server's 30 s");
  cjobs_client_close(client);
}

/* Several nodes behind one address: a client belongs to the one whose cookie it has. */
static void sticky_sessions(void) {
  cjobs_client *client = patient(1);
  const char *guid = marked("sticky");
  cjobs_table_free(list_works(client, guid, "the cookie of an error is sent back"));
  check_int(count_requests(guid, "GET"), 2, "the second request had it");
  cjobs_table_free(list_works(client, guid, "the cookie is kept"));
  check_int(count_requests(guid, "GET"), 3, "from then on every request has it");
  cjobs_client_close(client);
  client = patient(-1);
  const struct failure *failure =
      list_fails(client, marked("sticky"), CJOBS_E_NOT_FOUND, "another client has no cookie");
  check_int(failure->api_code, 141, "Connect's code of a lost session");
  check_int(failure->retryable, 1, "trying again may help");
  cjobs_client_close(client);
}

/* A kept connection that the server has closed without a word is no error. */
static void silently_closed(void) {
  cjobs_client *client = patient(-1);
  const char *guid = marked("silent-close");
  for (int round = 0; round < 5; round++) {
    cjobs_table_free(list_works(client, guid, "after a silent close"));
    sleep_ms(5);
  }
  check_int(count_requests(guid, "GET"), 5, "each was read once");
  cjobs_client_close(client);
}

static void connections_are_kept(void) {
  cjobs_client *client = patient(-1);
  const char *guid = marked("fine");
  for (int round = 0; round < 3; round++)
    cjobs_table_free(list_works(client, guid, "on one connection"));
  char *requests = requests_of(guid), number[32] = "";
  const char *first = strstr(requests, "connection ");
  if (first != NULL) snprintf(number, sizeof number, "%.*s", (int)strcspn(first, "\n"), first);
  int same = 0;
  for (char *at = requests; (at = strstr(at, number)) != NULL && number[0] != '\0'; at++) same++;
  check_int(same, 3, "three requests, one connection");
  free(requests);
  cjobs_client_close(client);
}

int main(void) {
  a_trouble_that_passes();
  a_trouble_that_stays();
  no_retries();
  retry_after_is_kept();
  a_wait_ends();
  sticky_sessions();
  silently_closed();
  connections_are_kept();
  return finish_checks();
}
