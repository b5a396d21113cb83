// The honest bar for ours: the same columns from the same bytes, by libcurl and simdjson, written
// straight down. Fetches the address argv[1], argv[2] times, and says how long the best took.
#include <curl/curl.h>
#include <simdjson.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "measure.h"

namespace {

using simdjson::ondemand::document_reference;

constexpr std::size_t rows_of_a_batch = 65536;
// Bytes that are gathered before they are parsed: simdjson wants whole documents.
constexpr std::size_t bytes_at_once = 1 << 20;

int digits(const char *text, int count) {
  int value = 0;
  for (int at = 0; at < count; at++) value = value * 10 + (text[at] - '0');
  return value;
}

// Days since 1970 of a date of the Gregorian calendar.
std::int64_t days(int year, int month, int day) {
  year -= month <= 2;
  const int era = year / 400;
  const int of_era = year - era * 400;
  const int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097LL + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

std::int64_t nanoseconds(std::string_view text) {
  if (text.size() < 20 || text.back() != 'Z') throw std::runtime_error("not a time in UTC");
  const char *at = text.data();
  std::int64_t seconds = days(digits(at, 4), digits(at + 5, 2), digits(at + 8, 2)) * 86400;
  seconds += digits(at + 11, 2) * 3600 + digits(at + 14, 2) * 60 + digits(at + 17, 2);
  std::int64_t fraction = 0;
  std::int64_t unit = 100000000;
  for (std::size_t place = 20; place + 1 < text.size(); place++, unit /= 10)
    fraction += (at[place] - '0') * unit;
  return seconds * 1000000000 + fraction;
}

// The columns of a log: a dictionary, times, and texts in one buffer with offsets.
struct Columns {
  std::vector<std::string> sources;
  std::vector<std::int32_t> source_codes;
  std::vector<std::int64_t> times;
  std::vector<std::int64_t> offsets{0};
  std::string texts;

  void add(document_reference entry) {
    source_codes.push_back(code(entry["source"]));
    times.push_back(nanoseconds(entry["timestamp"]));
    std::string_view text = entry["data"];
    texts.append(text);
    offsets.push_back(static_cast<std::int64_t>(texts.size()));
  }

  std::int32_t code(std::string_view source) {
    for (std::size_t known = 0; known < sources.size(); known++)
      if (sources[known] == source) return static_cast<std::int32_t>(known);
    sources.emplace_back(source);
    return static_cast<std::int32_t>(sources.size() - 1);
  }
};

class Stream {
 public:
  void receive(const char *bytes, std::size_t length) {
    waiting_.append(bytes, length);
    if (waiting_.size() >= bytes_at_once) parse();
  }

  // Parses the whole lines that are there, and keeps the rest.
  void parse() {
    const std::size_t whole = waiting_.rfind('\n') + 1;
    if (whole == 0) return;
    waiting_.reserve(waiting_.size() + simdjson::SIMDJSON_PADDING);
    simdjson::ondemand::document_stream entries =
        parser_.iterate_many(waiting_.data(), whole, bytes_at_once * 2);
    for (auto entry : entries) {
      columns_.add(entry.value());
      rows_++;
      // A batch is handed over, and the next begins anew.
      if (columns_.times.size() == rows_of_a_batch) columns_ = Columns();
    }
    waiting_.erase(0, whole);
  }

  long rows() const { return rows_; }

 private:
  simdjson::ondemand::parser parser_;
  std::string waiting_;
  Columns columns_;
  long rows_ = 0;
};

std::size_t on_bytes(char *bytes, std::size_t size, std::size_t count, void *stream) {
  static_cast<Stream *>(stream)->receive(bytes, size * count);
  return size * count;
}

long fetch(CURL *curl, const char *url) {
  Stream stream;
  curl_easy_setopt(curl, CURLOPT_URL, url);
  curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, 512L * 1024);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &stream);
  if (curl_easy_perform(curl) != CURLE_OK) throw std::runtime_error("the transfer failed");
  stream.parse();
  return stream.rows();
}

}  // namespace

int main(int count, char **arguments) {
  if (count < 3) return 2;
  CURL *curl = curl_easy_init();
  const long before = peak_memory();
  double best = 1e9;
  long rows = 0;
  for (int round = 0; round < std::atoi(arguments[2]); round++) {
    const double start = seconds_now();
    rows = fetch(curl, arguments[1]);
    const double taken = seconds_now() - start;
    if (taken < best) best = taken;
  }
  report(best, peak_memory() - before, rows);
  curl_easy_cleanup(curl);
  return 0;
}
