/* Guids, keys and other arguments that cannot be meant: invalid, and nothing is sent. What is legal
 * is percent-encoded. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

static cjobs_error *error;

static char long_text[10241];

static const char *const bad_names[] = {
    "",      "a/b",   "/",       "..",   "../../v1/user", "a..b",      "a?b",
    "a%2fb", "%",     "a#b",     "a\\b", "a\nb",          "a\r\nX: y", "\t",
    "\x01",  "a\x7f", "caf\xe9", "\xff", "\xed\xa0\x80",  ".",         long_text,
};

static void bad_guids_and_keys(cjobs_client *client) {
  cjobs_table *table = NULL;
  cjobs_tail *tail = NULL;
  char *before = fetch("HTTP_PORT", "/recorded/");
  for (size_t at = 0; at < sizeof bad_names / sizeof bad_names[0]; at++) {
    const char *bad = bad_names[at], *guid = marked("fine"), *key = "k1";
    cjobs_status got[8];
    cjobs_error *errors[8] = {NULL};
    got[0] = cjobs_jobs_list(client, bad, NULL, &table, &errors[0]);
    got[1] = cjobs_job_get(client, guid, bad, NULL, &table, &errors[1]);
    got[2] = cjobs_job_log(client, bad, key, 0, NULL, &table, &errors[2]);
    got[3] = cjobs_job_error(client, guid, bad, NULL, &table, &errors[3]);
    const char *keys[] = {"k1", bad};
    got[4] = cjobs_job_kill(client, guid, keys, 2, 0, NULL, &table, &errors[4]);
    got[5] = cjobs_tail_open(client, &guid, &bad, 1, NULL, NULL, &tail, &errors[5]);
    got[6] = cjobs_job_download_file(client, guid, bad, "never", 0, NULL, NULL, NULL, &errors[6]);
    const char *guids[] = {guid, bad};
    got[7] = cjobs_jobs_list_many(client, guids, 2, 0, NULL, &table, &errors[7]);
    for (int call = 0; call < 8; call++)
      check_fails(got[call], CJOBS_E_INVALID_ARGUMENT, &errors[call], "bad name %zu in call %d", at,
                  call);
    check_int(count_requests(guid, ""), 0, "bad name %zu: nothing is sent", at);
  }
  char *after = fetch("HTTP_PORT", "/recorded/");
  check_text(after, before, "nothing was sent for a nameless guid");
  free(before);
  free(after);
}

/* A legal name arrives as it was given. */
static void legal_names_are_encoded(cjobs_client *client) {
  static const struct {
    const char *name, *encoded;
  } legal[] = {
      {"a b", "a%20b"},
      {"a+b&c=d", "a%2Bb%26c%3Dd"},
      {"caf\xc3\xa9", "caf%C3%A9"},
      {"a:b@c;d,e", "a%3Ab%40c%3Bd%2Ce"},
      {"A-z_0.9~", "A-z_0.9~"},
      {"\xf0\x9f\x98\x80", "%F0%9F%98%80"},
      {"\"<>`{|}^", "%22%3C%3E%60%7B%7C%7D%5E"},
  };
  for (size_t at = 0; at < sizeof legal / sizeof legal[0]; at++) {
    const char *guid = marked("fine");
    char wanted[200];
    cjobs_table *table = NULL;
    check_ok(cjobs_job_get(client, guid, legal[at].name, NULL, &table, &error), &error,
             "legal name %zu", at);
    check_cell_text(table, "key", 0, legal[at].name);
    snprintf(wanted, sizeof wanted, "GET /__api__/v1/content/%s/jobs/%s HTTP", guid,
             legal[at].encoded);
    *strstr(wanted, " HTTP") = '\n';
    wanted[strcspn(wanted, "\n") + 1] = '\0';
    char *requests = requests_of(guid);
    check_has(requests, wanted, "legal name %zu is encoded", at);
    free(requests);
    cjobs_table_free(table);
  }
  char longest[257];
  memset(longest, 'k', 256);
  longest[256] = '\0';
  cjobs_table *table = NULL;
  check_ok(cjobs_job_get(client, "fine", longest, NULL, &table, &error), &error, "256 bytes");
  cjobs_table_free(table);
}

static int swallow(const void *bytes, size_t length, void *user_data) {
  (void)bytes, (void)length, (void)user_data;
  return 0;
}

static void other_arguments(cjobs_client *client) {
  const char *guid = marked("fine"), *key = "k1";
  cjobs_table *table = NULL;
  cjobs_tail *tail = NULL;
  check_fails(cjobs_job_log(client, guid, key, -1, NULL, &table, &error), CJOBS_E_INVALID_ARGUMENT,
              &error, "a negative number of lines");
  check_fails(cjobs_jobs_list_many(client, &guid, 1, -1, NULL, &table, &error),
              CJOBS_E_INVALID_ARGUMENT, &error, "negative max_concurrent");
  check_fails(cjobs_job_kill(client, guid, &key, 1, -1, NULL, &table, &error),
              CJOBS_E_INVALID_ARGUMENT, &error, "negative confirm_ms");
  check_fails(cjobs_job_kill_active(client, guid, -1, NULL, &table, &error),
              CJOBS_E_INVALID_ARGUMENT, &error, "negative confirm_ms of kill_active");
  for (int32_t until = -1; until < 4; until++) {
    if (until == CJOBS_UNTIL_FINISHED || until == CJOBS_UNTIL_FINALIZED) continue;
    check_fails(cjobs_job_wait(client, guid, key, until, 0, NULL, &table, &error),
                CJOBS_E_INVALID_ARGUMENT, &error, "waiting until %d", (int)until);
  }
  check_fails(cjobs_job_download_file(client, guid, key, "never", 2, NULL, NULL, NULL, &error),
              CJOBS_E_INVALID_ARGUMENT, &error, "an unknown flag");
  check_fails(cjobs_job_download_file(client, guid, key, "", 0, NULL, NULL, NULL, &error),
              CJOBS_E_INVALID_ARGUMENT, &error, "an empty path");
  const char *const names[] = {"a\nb", "a\r\nSet-Cookie: x", "\x7f", "caf\xe9", ""};
  for (size_t at = 0; at < sizeof names / sizeof names[0]; at++) {
    check_fails(cjobs_job_download(client, guid, key, names[at], swallow, NULL, NULL, NULL, &error),
                CJOBS_E_INVALID_ARGUMENT, &error, "bad filename %zu", at);
  }
  check_fails(cjobs_tail_open(client, &guid, &key, 0, NULL, NULL, &tail, &error),
              CJOBS_E_INVALID_ARGUMENT, &error, "a tail of no jobs");
  check_fails(cjobs_content_list(client, "caf\xe9", NULL, &table, &error), CJOBS_E_INVALID_ARGUMENT,
              &error, "a name that is not UTF-8");
  check_int(count_requests(guid, ""), 0, "nothing was sent");
}

/* A negative number that became a size: never "none", let alone "all". */
static void impossible_counts(cjobs_client *client) {
  const char *guid = marked("fine"), *key = "k1";
  cjobs_table *table = NULL;
  cjobs_tail *tail = NULL;
  size_t n = (size_t)-1;
  check_fails(cjobs_job_kill(client, guid, &key, n, 0, NULL, &table, &error),
              CJOBS_E_INVALID_ARGUMENT, &error, "job_kill of (size_t)-1 keys");
  check_fails(cjobs_jobs_list_many(client, &guid, n, 0, NULL, &table, &error),
              CJOBS_E_INVALID_ARGUMENT, &error, "jobs_list_many of (size_t)-1 guids");
  check_fails(cjobs_tail_open(client, &guid, &key, n, NULL, NULL, &tail, &error),
              CJOBS_E_INVALID_ARGUMENT, &error, "tail_open of (size_t)-1 jobs");
  check_int(count_requests(guid, ""), 0, "nothing was sent");
}

/* What follows the path is encoded too. */
static void queries(cjobs_client *client) {
  const char *guid = marked("fine");
  cjobs_table *table = NULL;
  check_ok(cjobs_job_log(client, guid, "k1", 5, NULL, &table, &error), &error, "five lines");
  cjobs_table_free(table);
  check_ok(cjobs_job_log(client, guid, "k1", 0, NULL, &table, &error), &error, "the default");
  cjobs_table_free(table);
  check_ok(
      cjobs_job_download(client, guid, "k1", "a b&c=\"d\"/../e", swallow, NULL, NULL, NULL, &error),
      &error, "a filename is only told to the server");
  char *requests = requests_of(guid);
  check_has(requests, "/jobs/k1/log?maxLogLines=5\n", "maxLogLines is sent");
  check_has(requests, "/jobs/k1/log\n", "no maxLogLines for the default");
  check_has(requests, "/download?filename=a%20b%26c%3D%22d%22%2F..%2Fe\n",
            "the filename is encoded");
  free(requests);
  check_ok(cjobs_content_list(client, "fine~a b&name=x", NULL, &table, &error), &error,
           "a name of content");
  cjobs_table_free(table);
  requests = requests_of("fine~a%20b%26name=x");
  check_has(requests, "/v1/content?name=fine~a%20b%26name%3Dx\n", "the name is encoded");
  free(requests);
}

int main(void) {
  memset(long_text, 'g', sizeof long_text - 1);
  cjobs_client *client = open_client(NULL);
  bad_guids_and_keys(client);
  legal_names_are_encoded(client);
  other_arguments(client);
  impossible_counts(client);
  queries(client);
  cjobs_client_close(client);
  return finish_checks();
}
