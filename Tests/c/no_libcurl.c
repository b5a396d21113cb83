/* Run where libcurl.so.4 cannot be used: an error that says what to install, each time it is tried.
 */
#include "fixture.h"

int main(void) {
  cjobs_client_options options = plain_options();
  cjobs_client *client = NULL;
  cjobs_error *error = NULL;
  for (int round = 0; round < 2; round++) {
    const struct failure *failure =
        check_fails(cjobs_client_open(&options, &client, &error), CJOBS_E_CONFIGURATION, &error,
                    "no usable libcurl (%s)", given("WHY"));
    check_has(failure->message, "libcurl", "it is called by its name");
    check_has(failure->message, "nstall", "what to install is said");
    check_has(failure->message, given("WORDS"), "the reason is told");
    check(client == NULL, "there is no client");
  }
  check_text(cjobs_version(), CJOBS_VERSION, "the library itself is loaded");
  return finish_checks();
}
