/* Loaded before libc: every name lookup takes ten seconds, as with a DNS server that is out of
 * reach. */
#include <netdb.h>
#include <time.h>

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                struct addrinfo **result) {
  struct timespec time = {10, 0};
  (void)node, (void)service, (void)hints, (void)result;
  while (nanosleep(&time, &time) != 0) {
  }
  return EAI_AGAIN;
}
