/* A server that is not there, is not found, stalls, trickles or hangs up. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "fixture.h"

static cjobs_error *error;

/* A port of the loopback on which nobody listens. */
static int closed_port(void) {
  struct sockaddr_in address;
  socklen_t length = sizeof address;
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int probe = socket(AF_INET, SOCK_STREAM, 0);
  bind(probe, (struct sockaddr *)&address, sizeof address);
  getsockname(probe, (struct sockaddr *)&address, &length);
  close(probe);
  return ntohs(address.sin_port);
}

static const struct failure *unreachable(const char *server, int retries, const char *name) {
  cjobs_client_options options = plain_options();
  options.server = server;
  options.max_retries = retries;
  cjobs_client *client = open_client(&options);
  const struct failure *failure = list_fails(client, "fine", CJOBS_E_NETWORK, name);
  check_int(failure->http_status, 0, "%s: no HTTP status", name);
  check_int(failure->retryable, 1, "%s: another try may help", name);
  check_has(failure->url, server, "%s: the address is told", name);
  check_has(failure->message, "Check ", "%s: what to try is told", name);
  cjobs_client_close(client);
  return failure;
}

static void nobody_there(void) {
  char server[64];
  snprintf(server, sizeof server, "http://127.0.0.1:%d", closed_port());
  unreachable(server, -1, "connection refused");
  int64_t start = now_ms();
  unreachable(server, 2, "connection refused, with retries");
  check(now_ms() - start >= 300, "retries wait in between");
  const struct failure *failure = unreachable("http://no-such-host.invalid", -1, "name not found");
  check_has(failure->message, "name was not found", "a name that is not found is said to be one");
}

static void cut_answers(void) {
  static const char *const guids[] = {"cut.before", "cut.reset-before", "cut.head",
                                      "cut.length", "cut.chunk",        "cut.reset"};
  for (size_t at = 0; at < sizeof guids / sizeof guids[0]; at++) {
    /* A new client each: on a kept connection that dies, libcurl itself asks a second time. */
    cjobs_client *client = open_client(NULL);
    const char *guid = marked(guids[at]);
    cjobs_table *table = NULL;
    cjobs_status got = cjobs_jobs_list(client, guid, NULL, &table, &error);
    /* Half a status line is also no usable HTTP. */
    cjobs_status wanted = got == CJOBS_E_PROTOCOL && at == 2 ? CJOBS_E_PROTOCOL : CJOBS_E_NETWORK;
    check_fails(got, wanted, &error, "%s", guids[at]);
    check(table == NULL, "%s: no half table", guids[at]);
    check_int(count_requests(guid, "GET"), 1, "%s: sent once", guids[at]);
    check_usable(client, guids[at]);
    cjobs_client_close(client);
  }
}

static void cut_refusals(void) {
  cjobs_client *client = open_client(NULL);
  const struct failure *failure =
      list_fails(client, "cut-refusal", CJOBS_E_NOT_FOUND, "an error page that is cut");
  check_int(failure->http_status, 404, "an error page that is cut: its status is known");
  check_int(failure->api_code, 4, "and Connect's code, as far as the page came");
  cjobs_client_close(client);
}

static void timeouts(void) {
  cjobs_client_options options = plain_options();
  options.idle_timeout_ms = 300;
  cjobs_client *client = open_client(&options);
  int64_t start = now_ms();
  const struct failure *failure =
      list_fails(client, "stall.before", CJOBS_E_TIMED_OUT, "an answer that does not come");
  check_int(failure->retryable, 1, "another try may help");
  list_fails(client, "stall.body", CJOBS_E_TIMED_OUT, "an answer that stops");
  check(now_ms() - start < 10000, "idle timeouts end calls");
  check(now_ms() - start >= 550, "but not before their time");
  check_usable(client, "idle timeouts");
  cjobs_client_close(client);
  options = plain_options();
  options.request_timeout_ms = 400;
  client = open_client(&options);
  start = now_ms();
  list_fails(client, "drip", CJOBS_E_TIMED_OUT, "an answer that never ends, a byte at a time");
  check(now_ms() - start < 5000, "a request's timeout ends it");
  cjobs_client_close(client);
  client = open_client(NULL);
  cjobs_call_options call = CJOBS_CALL_OPTIONS_INIT;
  cjobs_table *table = NULL;
  call.timeout_ms = 300;
  start = now_ms();
  check_fails(cjobs_jobs_list(client, "stall.before", &call, &table, &error), CJOBS_E_TIMED_OUT,
              &error, "a call's timeout");
  check(now_ms() - start < 5000, "a call's timeout ends it");
  check_usable(client, "a call's timeout");
  cjobs_client_close(client);
}

/* A listener that never accepts: its queue is full, so no connection comes about. */
static void connect_timeout(void) {
  struct sockaddr_in address;
  socklen_t length = sizeof address;
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int listener = socket(AF_INET, SOCK_STREAM, 0), filler[4];
  bind(listener, (struct sockaddr *)&address, sizeof address);
  listen(listener, 0);
  getsockname(listener, (struct sockaddr *)&address, &length);
  for (int at = 0; at < 4; at++) {
    filler[at] = socket(AF_INET, SOCK_STREAM, 0);
    struct timeval soon = {0, 100000};
    setsockopt(filler[at], SOL_SOCKET, SO_SNDTIMEO, &soon, sizeof soon);
    connect(filler[at], (struct sockaddr *)&address, sizeof address);
  }
  char server[64];
  snprintf(server, sizeof server, "http://127.0.0.1:%d", ntohs(address.sin_port));
  cjobs_client_options options = plain_options();
  options.server = server;
  options.connect_timeout_ms = 300;
  cjobs_client *client = open_client(&options);
  int64_t start = now_ms();
  list_fails(client, "fine", CJOBS_E_TIMED_OUT, "a server that does not take connections");
  check(now_ms() - start < 5000, "connect_timeout_ms ends it");
  cjobs_client_close(client);
  for (int at = 0; at < 4; at++) close(filler[at]);
  close(listener);
}

int main(void) {
  nobody_there();
  cut_answers();
  cut_refusals();
  timeouts();
  connect_timeout();
  return finish_checks();
}
