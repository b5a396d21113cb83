/* What a client is opened with, by options and by the environment. A configuration error names the
 * variable and shows a right value. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

static cjobs_error *error;
static cjobs_client *client;

static const struct failure *refused(const cjobs_client_options *options, const char *name) {
  client = (cjobs_client *)1;
  const struct failure *failure = check_fails(cjobs_client_open(options, &client, &error),
                                              CJOBS_E_CONFIGURATION, &error, "%s", name);
  check(client == NULL, "%s: no client", name);
  check_text(failure->operation, "client_open", "%s: the operation", name);
  return failure;
}

static void nothing_given(void) {
  cjobs_client_options options = CJOBS_CLIENT_OPTIONS_INIT;
  const struct failure *failure = refused(NULL, "no server");
  check_has(failure->message, "CONNECT_SERVER", "no server: the variable is named");
  check_has(failure->message, "https://connect.example.com", "no server: a right value is shown");
  options.server = "https://connect.example.com";
  failure = refused(&options, "no key");
  check_has(failure->message, "CONNECT_API_KEY", "no key: the variable is named");
  options.api_key = "";
  refused(&options, "an empty key");
  options.server = "";
  options.api_key = TEST_KEY;
  failure = refused(&options, "an empty server");
  check_has(failure->message, "CONNECT_SERVER", "an empty server: the variable is named");
}

static void bad_addresses(void) {
  static const char *const bad[] = {
      "connect.example.com",
      "//connect.example.com",
      "file:///etc/passwd",
      "ftp://example.com",
      "ws://example.com",
      "https:/example.com",
      "https://",
      "http:///path",
      "https://a b.com",
      "https://user:s3cret@example.com",
      "ftp://user:s3cret@example.com",
      "user:s3cret@example.com",
      "https://example.com/?a=b",
      "https://ex\nample.com",
      "javascript:alert(1)",
      "\x01",
      "https://ex\"ample.com",
      "http://\xff.com",
  };
  for (size_t at = 0; at < sizeof bad / sizeof bad[0]; at++) {
    cjobs_client_options options = plain_options();
    options.server = bad[at];
    if (strchr(bad[at], '\xff') != NULL) {
      check(cjobs_client_open(&options, &client, NULL) < 0, "an address that is not UTF-8");
      continue;
    }
    const struct failure *failure = refused(&options, bad[at][0] < ' ' ? "controls" : bad[at]);
    check_has(failure->message, "CONNECT_SERVER", "the variable is named");
    check_has(failure->message, "https://connect.example.com", "a right value is shown");
    check_lacks(failure->message, "s3cret", "no password is repeated");
  }
}

/* However a person writes it, the address is the same. */
static void good_addresses(void) {
  static const struct {
    const char *given, *kept;
  } good[] = {
      {"https://connect.example.com", "https://connect.example.com"},
      {"https://connect.example.com/", "https://connect.example.com"},
      {"https://connect.example.com/__api__", "https://connect.example.com"},
      {"https://connect.example.com/__api__/", "https://connect.example.com"},
      {"https://example.com/connect/", "https://example.com/connect"},
      {"https://example.com/connect/__api__", "https://example.com/connect"},
      {"  http://example.com:3939\n", "http://example.com:3939"},
      {"https://example.com/#/apps/x", "https://example.com"},
      {"HTTPS://example.com", "https://example.com"},
      {"http://[::1]:3939/", "http://[::1]:3939"},
  };
  for (size_t at = 0; at < sizeof good / sizeof good[0]; at++) {
    cjobs_client_options options = plain_options();
    options.server = good[at].given;
    check_ok(cjobs_client_open(&options, &client, &error), &error, "%s opens", good[at].given);
    check_text(cjobs_client_server(client), good[at].kept, "%s is kept", good[at].given);
    cjobs_client_close(client);
  }
  cjobs_client_options options = plain_options();
  char prefixed[128];
  snprintf(prefixed, sizeof prefixed, "%s/deep/prefix/__api__/", options.server);
  options.server = prefixed;
  client = open_client(&options);
  const char *guid = marked("fine");
  cjobs_table_free(list_works(client, guid, "a server below a path"));
  char *requests = requests_of(guid);
  check_has(requests, "GET /deep/prefix/__api__/v1/content/", "the path prefix is kept");
  free(requests);
  cjobs_client_close(client);
}

static void bad_values(void) {
  cjobs_client_options options = plain_options();
  static const char *const keys[] = {"a b", "key\n", "key\r\nX-Evil: 1", "k\xc3\xa9y", "\x7f"};
  for (size_t at = 0; at < sizeof keys / sizeof keys[0]; at++) {
    options.api_key = keys[at];
    const struct failure *failure = refused(&options, "a key that no header can carry");
    check_lacks(failure->message, "X-Evil", "the key is not repeated");
  }
  options = plain_options();
  options.ca_file = "/does/not/exist.pem";
  check_has(refused(&options, "a ca_file that is not there")->message, "CONNECT_CA_CERTIFICATE",
            "the variable is named");
  static const char *const names[] = {"", "A B", "A:", "A\r\nB", "(x)"};
  for (size_t at = 0; at < sizeof names / sizeof names[0]; at++) {
    options = plain_options();
    options.auth_header = names[at];
    refused(&options, "a header's name that is none");
  }
  static const char *const lines[] = {"no colon", ": empty", "A B: c", "A: b\r\nC: d", "A: \x01"};
  for (size_t at = 0; at < sizeof lines / sizeof lines[0]; at++) {
    const char *const headers[] = {"X-Fine: yes", lines[at], NULL};
    options = plain_options();
    options.headers = headers;
    refused(&options, "a header line that is none");
  }
  options = plain_options();
  options.user_agent = "a\r\nX: y";
  refused(&options, "a user agent with a line end");
}

/* What the server sees of the options. */
static void headers_are_sent(void) {
  const char *const headers[] = {"Authorization: Snowflake Token=\"t\"", "X-More: a b", NULL};
  const char *guid = marked("fine");
  cjobs_client_options options = plain_options();
  options.auth_header = "X-RSC-Authorization";
  options.headers = headers;
  options.user_agent = "tests/1";
  client = open_client(&options);
  cjobs_table_free(list_works(client, guid, "a client with headers"));
  char *requests = requests_of(guid);
  check_has(requests, "X-RSC-Authorization: Key " TEST_KEY "\n", "the key goes in auth_header");
  check_has(requests, "Authorization: Snowflake Token=\"t\"\n", "headers are sent");
  check_lacks(requests, "\nAuthorization: Key", "the key goes nowhere else");
  check_has(requests, "X-More: a b\n", "every header is sent");
  check_has(requests, "User-Agent: tests/1\n", "the user agent is sent");
  free(requests);
  cjobs_client_close(client);
  guid = marked("fine");
  client = open_client(NULL);
  cjobs_table_free(list_works(client, guid, "a plain client"));
  requests = requests_of(guid);
  check_has(requests, "Authorization: Key " TEST_KEY "\n", "\"Key\", a space and the key");
  check_has(requests, "User-Agent: connectjobs/" CJOBS_VERSION "\n", "the default user agent");
  check_has(requests, "Accept-Encoding: ", "compression is asked for");
  free(requests);
  cjobs_client_close(client);
}

static void environment(void) {
  cjobs_client_options options = CJOBS_CLIENT_OPTIONS_INIT;
  setenv("CONNECT_SERVER", address_of("http", "HTTP_PORT"), 1);
  setenv("CONNECT_API_KEY", TEST_KEY, 1);
  const char *guid = marked("fine");
  client = NULL;
  check_ok(cjobs_client_open(NULL, &client, &error), &error, "all from the environment");
  cjobs_table_free(list_works(client, guid, "the environment's server and key"));
  char *requests = requests_of(guid);
  check_has(requests, "Authorization: Key " TEST_KEY "\n", "the environment's key is sent");
  free(requests);
  cjobs_client_close(client);
  options.server = "https://elsewhere.example";
  check_ok(cjobs_client_open(&options, &client, &error), &error, "options and environment");
  check_text(cjobs_client_server(client), "https://elsewhere.example", "an option comes first");
  cjobs_client_close(client);
  setenv("CONNECT_CA_CERTIFICATE", "/does/not/exist.pem", 1);
  refused(NULL, "CONNECT_CA_CERTIFICATE that is not there");
  setenv("CONNECT_CA_CERTIFICATE", "", 1);
  check_ok(cjobs_client_open(NULL, &client, &error), &error, "an empty variable is none");
  cjobs_client_close(client);
  setenv("CONNECT_SERVER", "connect.example.com", 1);
  refused(NULL, "CONNECT_SERVER without a scheme");
  setenv("CONNECT_SERVER", "", 1);
  refused(NULL, "an empty CONNECT_SERVER");
  unsetenv("CONNECT_SERVER");
  unsetenv("CONNECT_API_KEY");
  unsetenv("CONNECT_CA_CERTIFICATE");
}

/* The arguments may go away when the call returns. */
static void arguments_are_copied(void) {
  char *server = strdup(address_of("http", "HTTP_PORT")), *key = strdup(TEST_KEY);
  char *line = strdup("X-Line: kept");
  const char *headers[] = {line, NULL};
  cjobs_client_options options = plain_options();
  options.server = server;
  options.api_key = key;
  options.headers = headers;
  client = open_client(&options);
  memset(server, 'x', strlen(server));
  memset(key, 'x', strlen(key));
  memset(line, 'x', strlen(line));
  free(server), free(key), free(line);
  const char *guid = marked("fine");
  cjobs_table_free(list_works(client, guid, "after the arguments are gone"));
  char *requests = requests_of(guid);
  check_has(requests, "X-Line: kept\n", "a header was copied");
  check_has(requests, "Key " TEST_KEY "\n", "the key was copied");
  free(requests);
  cjobs_client_close(client);
}

/* Whoever sees the traffic beyond this machine sees the key. */
static void plain_text_is_warned_of(void) {
  static const struct {
    const char *server;
    int warns;
  } servers[] = {
      {"http://connect.example.com", 1},
      {"http://127.evil.example", 1},
      {"https://connect.example.com", 0},
      {"http://localhost:3939", 0},
      {"http://127.0.0.1", 0},
      {"http://[::1]", 0},
  };
  for (size_t at = 0; at < sizeof servers / sizeof servers[0]; at++) {
    cjobs_client_options options = plain_options();
    options.server = servers[at].server;
    forget_log();
    cjobs_client_close(open_client(&options));
    check_int(strstr(log_heard(), "not encrypted") != NULL, servers[at].warns, "a warning of %s",
              servers[at].server);
  }
}

int main(void) {
  nothing_given();
  bad_addresses();
  good_addresses();
  bad_values();
  headers_are_sent();
  environment();
  arguments_are_copied();
  plain_text_is_warned_of();
  return finish_checks();
}
