/* Proxies: from the option, from libcurl's variables, none; and what a proxy does not get to see.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

static char proxy[64], authority[1024];

/* How many requests of that guid went through the proxy. */
static int through(const char *guid) {
  char *heads = fetch("PROXY_PORT", "/heads");
  int count = 0;
  for (char *at = heads; (at = strstr(at, guid)) != NULL; at++) count++;
  free(heads);
  return count;
}

static void list(const char *option, int times, const char *name) {
  cjobs_client_options options = plain_options();
  const char *guid = marked("fine");
  options.proxy = option;
  cjobs_client *client = open_client(&options);
  cjobs_table_free(list_works(client, guid, name));
  check_int(through(guid), times, "%s: requests through the proxy", name);
  cjobs_client_close(client);
}

static void plain_text(void) {
  unsetenv("no_proxy");
  list(proxy, 1, "the option");
  list(NULL, 0, "no proxy");
  setenv("http_proxy", proxy, 1);
  list(NULL, 1, "http_proxy");
  list("", 0, "an empty option comes before http_proxy");
  setenv("no_proxy", "127.0.0.1", 1);
  list(NULL, 0, "no_proxy");
  unsetenv("no_proxy");
  unsetenv("http_proxy");
}

/* Through a tunnel a proxy sees host and port, and not the key. */
static void tunnel(void) {
  cjobs_client_options options = plain_options();
  char target[64], *heads;
  options.server = address_of("https", "TLS_PORT");
  options.ca_file = authority;
  options.proxy = proxy;
  cjobs_client *client = open_client(&options);
  cjobs_table_free(list_works(client, "fine", "https through a proxy"));
  snprintf(target, sizeof target, "CONNECT 127.0.0.1:%s", given("TLS_PORT"));
  heads = fetch("PROXY_PORT", "/heads");
  char *tunnelled = strstr(heads, target);
  check(tunnelled != NULL, "the proxy was asked for a tunnel");
  check(tunnelled != NULL && !holds_key(tunnelled), "and was not given the key");
  free(heads);
  cjobs_client_close(client);
}

static void a_proxy_that_is_not_there(void) {
  cjobs_client_options options = plain_options();
  options.proxy = "http://127.0.0.1:1";
  cjobs_client *client = open_client(&options);
  const struct failure *failure =
      list_fails(client, "fine", CJOBS_E_NETWORK, "a proxy that is off");
  check_has(failure->message, "proxy", "the proxy is spoken of");
  cjobs_client_close(client);
}

int main(void) {
  snprintf(proxy, sizeof proxy, "http://127.0.0.1:%s", given("PROXY_PORT"));
  snprintf(authority, sizeof authority, "%s/certificates/ca.pem", given("WORK"));
  plain_text();
  tunnel();
  a_proxy_that_is_not_there();
  return finish_checks();
}
