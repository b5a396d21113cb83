/* Certificates: trusted, unknown, of another host, and not asked for. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

static char authority[1024];

static void expect(const char *port, const char *ca_file, int insecure, int works,
                   const char *name) {
  cjobs_client_options options = plain_options();
  options.server = address_of("https", port);
  options.ca_file = ca_file;
  options.insecure = insecure;
  cjobs_client *client = open_client(&options);
  const char *guid = marked("fine");
  if (works) {
    cjobs_table_free(list_works(client, guid, name));
  } else {
    const struct failure *failure = list_fails(client, guid, CJOBS_E_TLS, name);
    check_has(failure->message, "CONNECT_CA_CERTIFICATE", "%s: the remedy is told", name);
    check_int(failure->retryable, 0, "%s: another try would not help", name);
    check_int(count_requests(guid, ""), 0, "%s: nothing was sent", name);
  }
  cjobs_client_close(client);
}

static void options(void) {
  expect("TLS_PORT", authority, 0, 1, "one's own authority");
  expect("TLS_PORT", NULL, 0, 0, "an authority that is not trusted");
  expect("TLS_PORT", NULL, 1, 1, "insecure");
  expect("SELF_SIGNED_PORT", authority, 0, 0, "a self-signed certificate");
  expect("SELF_SIGNED_PORT", NULL, 1, 1, "a self-signed certificate, insecure");
  expect("WRONG_NAME_PORT", authority, 0, 0, "another host's certificate");
  expect("WRONG_NAME_PORT", authority, 1, 1, "another host's certificate, insecure");
}

static void environment(void) {
  setenv("CONNECT_CA_CERTIFICATE", authority, 1);
  expect("TLS_PORT", NULL, 0, 1, "CONNECT_CA_CERTIFICATE");
  unsetenv("CONNECT_CA_CERTIFICATE");
  static const char *const yes[] = {"1", "true", "TRUE", "yes"}, *const no[] = {"0", "false", ""};
  for (size_t at = 0; at < sizeof yes / sizeof yes[0]; at++) {
    setenv("CONNECT_INSECURE", yes[at], 1);
    expect("SELF_SIGNED_PORT", NULL, 0, 1, "CONNECT_INSECURE");
    expect("SELF_SIGNED_PORT", NULL, -1, 0, "insecure -1 comes before CONNECT_INSECURE");
  }
  for (size_t at = 0; at < sizeof no / sizeof no[0]; at++) {
    setenv("CONNECT_INSECURE", no[at], 1);
    expect("SELF_SIGNED_PORT", NULL, 0, 0, "CONNECT_INSECURE that says no");
  }
  unsetenv("CONNECT_INSECURE");
}

/* https to a port that speaks something else, and the other way round. */
static void other_protocols(void) {
  cjobs_client_options options = plain_options();
  options.server = address_of("https", "NGINX_PORT");
  cjobs_client *client = open_client(&options);
  cjobs_table *table = NULL;
  cjobs_error *error = NULL;
  cjobs_status got = cjobs_jobs_list(client, "fine", NULL, &table, &error);
  cjobs_status wanted = got == CJOBS_E_NETWORK ? CJOBS_E_NETWORK : CJOBS_E_TLS;
  check_fails(got, wanted, &error, "https to a port without TLS");
  cjobs_client_close(client);
  options.server = address_of("http", "TLS_PORT");
  client = open_client(&options);
  got = cjobs_jobs_list(client, "fine", NULL, &table, &error);
  wanted = got == CJOBS_E_PROTOCOL ? CJOBS_E_PROTOCOL : CJOBS_E_NETWORK;
  check_fails(got, wanted, &error, "http to a port with TLS");
  cjobs_client_close(client);
}

static void a_file_that_is_no_certificate(void) {
  cjobs_client_options options = plain_options();
  char file[1024];
  snprintf(file, sizeof file, "%s/server.out", given("WORK"));
  options.server = address_of("https", "TLS_PORT");
  options.ca_file = file;
  cjobs_client *client = open_client(&options);
  const struct failure *failure = list_fails(client, "fine", CJOBS_E_TLS, "a file of other things");
  check_has(failure->message, "CONNECT_CA_CERTIFICATE", "the remedy is told");
  cjobs_client_close(client);
}

/* A follow and a download go the same way as all else. */
static void streams(void) {
  cjobs_client_options options = plain_options();
  const char *guid = "fine", *key = "k1";
  cjobs_tail *tail = NULL;
  cjobs_table *table = NULL;
  cjobs_error *error = NULL;
  options.server = address_of("https", "TLS_PORT");
  options.ca_file = authority;
  cjobs_client *client = open_client(&options);
  check_ok(cjobs_tail_open(client, &guid, &key, 1, NULL, NULL, &tail, &error), &error, "a tail");
  check_ok(cjobs_tail_next(tail, 10000, &table, &error), &error, "entries over TLS");
  cjobs_table_free(table);
  cjobs_tail_close(tail);
  cjobs_client_close(client);
}

int main(void) {
  snprintf(authority, sizeof authority, "%s/certificates/ca.pem", given("WORK"));
  options();
  environment();
  other_protocols();
  a_file_that_is_no_certificate();
  streams();
  return finish_checks();
}
