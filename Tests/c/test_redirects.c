/* The key goes to the server that it was made for, and nowhere else. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

static cjobs_error *error;

/* The requests that followed a redirect from this guid. */
static char *followed(const char *guid) {
  char target[200];
  snprintf(target, sizeof target, "fine%s", strchr(guid, '~'));
  return requests_of(target);
}

static void within_the_origin(cjobs_client *client) {
  static const char *const guids[] = {
      "redirect.301.same", "redirect.302.same", "redirect.303.same",
      "redirect.307.same", "redirect.308.same", "redirect.302.relative",
  };
  for (size_t at = 0; at < sizeof guids / sizeof guids[0]; at++) {
    const char *guid = marked(guids[at]);
    cjobs_table *table = list_works(client, guid, guids[at]);
    check_int(cjobs_table_rows(table), 2, "%s: the rows", guids[at]);
    cjobs_table_free(table);
    char *requests = followed(guid);
    check_has(requests, "Authorization: Key " TEST_KEY, "%s: the key goes along", guids[at]);
    free(requests);
  }
}

static void to_elsewhere(cjobs_client *client) {
  static const char *const guids[] = {
      "redirect.301.port",  "redirect.302.port",  "redirect.307.port",    "redirect.308.port",
      "redirect.302.host",  "redirect.302.user",  "redirect.302.slashes", "redirect.302.file",
      "redirect.302.words", "redirect.302.empty",
  };
  for (size_t at = 0; at < sizeof guids / sizeof guids[0]; at++) {
    const char *guid = marked(guids[at]);
    const struct failure *failure = list_fails(client, guid, CJOBS_E_HTTP, guids[at]);
    check_int(failure->http_status, atoi(guids[at] + strlen("redirect.")), "%s: the HTTP status",
              guids[at]);
    check_has(failure->message, "CONNECT_SERVER", "%s: a remedy", guids[at]);
    char *requests = followed(guid);
    check_text(requests, "", "%s: nothing was sent there", guids[at]);
    free(requests);
  }
}

static void for_ever(cjobs_client *client) {
  const char *guid = marked("redirect.302.loop");
  list_fails(client, guid, CJOBS_E_HTTP, "a loop");
  int count = count_requests(guid, "GET");
  check(count > 1 && count <= 20, "a loop ends (after %d requests)", count);
}

/* A kill order is sent where it was meant to go, and not again. */
static void of_an_order(cjobs_client *client) {
  const char *guid = marked("redirect.307.same"), *key = "k1";
  cjobs_table *table = NULL;
  check_ok(cjobs_job_kill(client, guid, &key, 1, 0, NULL, &table, &error), &error,
           "a redirected kill order");
  check_cell_int(table, "error_status", 0, CJOBS_E_HTTP);
  cjobs_table_free(table);
  check_int(count_requests(guid, "DELETE"), 1, "it was sent once");
  char *requests = followed(guid);
  check_text(requests, "", "and not followed");
  free(requests);
}

static void of_every_kind_of_call(cjobs_client *client) {
  const char *guid = marked("redirect.302.port"), *key = "k1";
  cjobs_table *table = NULL;
  cjobs_tail *tail = NULL;
  check_fails(cjobs_job_download_file(client, guid, key, "never", 0, NULL, NULL, NULL, &error),
              CJOBS_E_HTTP, &error, "a redirected download");
  check_ok(cjobs_tail_open(client, &guid, &key, 1, NULL, NULL, &tail, &error), &error, "a tail");
  check_fails(cjobs_tail_next(tail, 10000, &table, &error), CJOBS_E_HTTP, &error,
              "a redirected tail");
  cjobs_tail_close(tail);
  char *requests = followed(guid);
  check_text(requests, "", "nothing was sent there");
  free(requests);
}

static void from_tls_to_plain_text(void) {
  char file[1024];
  snprintf(file, sizeof file, "%s/certificates/ca.pem", given("WORK"));
  cjobs_client_options options = plain_options();
  options.server = address_of("https", "TLS_PORT");
  options.ca_file = file;
  cjobs_client *client = open_client(&options);
  const char *guid = marked("redirect.302.plain");
  list_fails(client, guid, CJOBS_E_HTTP, "from https to http");
  char *requests = followed(guid);
  check_text(requests, "", "from https to http: nothing was sent there");
  free(requests);
  guid = marked("redirect.302.same");
  cjobs_table_free(list_works(client, guid, "within https"));
  cjobs_client_close(client);
}

int main(void) {
  cjobs_client *client = open_client(NULL);
  within_the_origin(client);
  to_elsewhere(client);
  for_ever(client);
  of_an_order(client);
  of_every_kind_of_call(client);
  from_tls_to_plain_text();
  check_usable(client, "redirects");
  cjobs_client_close(client);
  return finish_checks();
}
