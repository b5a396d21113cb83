/* A peer that is gone raises SIGPIPE where one writes to it. The host never sees that, and its mask
 * and what was pending before are as they were. The signal has its default disposition here. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fixture.h"

static cjobs_error *error;
static char authority[1024];

static int is_pending(void) {
  sigset_t set;
  sigpending(&set);
  return sigismember(&set, SIGPIPE);
}

static int is_blocked(void) {
  sigset_t set;
  sigprocmask(SIG_SETMASK, NULL, &set);
  return sigismember(&set, SIGPIPE);
}

static void block(int how) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  sigprocmask(how, &set, NULL);
}

/* Connections that end in every rude way, with and without TLS, and are written to afterwards. */
static void rude_servers(const char *scheme, const char *port) {
  static const char *const guids[] = {"cut.reset-before", "cut.reset",    "cut.before",
                                      "silent-close",     "silent-close", "download-cut.length"};
  cjobs_client_options options = plain_options();
  options.server = address_of(scheme, port);
  options.ca_file = authority;
  for (int round = 0; round < 3; round++) {
    cjobs_client *client = open_client(&options);
    for (size_t at = 0; at < sizeof guids / sizeof guids[0]; at++) {
      const char *key = "k1";
      cjobs_table *table = NULL;
      cjobs_jobs_list(client, guids[at], NULL, &table, NULL);
      cjobs_table_free(table);
      cjobs_job_kill(client, "kill", &key, 1, 0, NULL, &table, NULL);
      cjobs_table_free(table);
      sleep_ms(5);
    }
    cjobs_client_close(client);
  }
  check(1, "alive after rude servers, %s", scheme);
}

/* A surer way to raise it inside the library: the host's own writer meets a broken pipe. */
static int write_to_nobody(const void *bytes, size_t length, void *user_data) {
  (void)length;
  return write(*(int *)user_data, bytes, 1) == 1 ? 1 : 0;
}

static void raised_within(void) {
  int ends[2];
  cjobs_client *client = open_client(NULL);
  check(pipe(ends) == 0 && close(ends[0]) == 0, "a pipe that nobody reads");
  check_ok(cjobs_job_download(client, "download.500", "k1", NULL, write_to_nobody, NULL, &ends[1],
                              NULL, &error),
           &error, "a download whose writer meets it");
  close(ends[1]);
  cjobs_client_close(client);
}

static void everything(const char *name) {
  int blocked = is_blocked(), pending = is_pending();
  rude_servers("http", "HTTP_PORT");
  rude_servers("https", "TLS_PORT");
  raised_within();
  check_int(is_blocked(), blocked, "%s: the mask is as it was", name);
  check_int(is_pending(), pending, "%s: what was pending is as it was", name);
}

static void count_it(int number) {
  (void)number;
  check(0, "SIGPIPE is not delivered");
}

int main(void) {
  snprintf(authority, sizeof authority, "%s/certificates/ca.pem", given("WORK"));
  everything("default");
  block(SIG_BLOCK);
  everything("blocked");
  raise(SIGPIPE);
  check_int(is_pending(), 1, "one is pending");
  everything("blocked and pending");
  struct sigaction ignore, old;
  memset(&ignore, 0, sizeof ignore);
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, NULL);
  block(SIG_UNBLOCK);
  everything("ignored");
  sigaction(SIGPIPE, NULL, &old);
  check(old.sa_handler == SIG_IGN, "the disposition is as it was");
  ignore.sa_handler = count_it;
  sigaction(SIGPIPE, &ignore, NULL);
  everything("with a handler");
  sigaction(SIGPIPE, NULL, &old);
  check(old.sa_handler == count_it, "the handler is as it was");
  return finish_checks();
}
