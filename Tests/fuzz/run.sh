#!/usr/bin/env bash
# Fuzzes the reader of records, the address, the signatures and manifests of hooks and the small
# readers of text with libFuzzer, under
# AddressSanitizer and UndefinedBehaviorSanitizer (of the C++ part).
#
#   Tests/fuzz/run.sh            one minute
#   Tests/fuzz/run.sh 600        ten minutes
#
# An input that fails is left in the folder that is named at the end. Not part of Tests/run.sh.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-60}
out=${FUZZ_OUT:-.build/fuzz}
mkdir -p "$out/corpus" "$out/found"

for target in CCurl CFFI CJSON CPosix; do
  for file in Sources/$target/*.c Sources/$target/*.cpp; do
    [ -e "$file" ] || continue
    compiler=clang
    [[ $file == *.cpp ]] && compiler="clang++ -std=c++17"
    $compiler -c -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined,fuzzer-no-link \
      -fno-sanitize-recover=undefined -ISources/$target/include "$file" \
      -o "$out/$(basename "$file").o"
  done
done

mapfile -t core < <(find Sources/ConnectJobs -name '*.swift' | sort)
maps=()
for target in CCurl CFFI CJSON CPosix; do
  header=$(find "Sources/$target/include" -name '*.h' | head -n 1)
  printf 'module %s { header "%s" export * }\n' "$target" "$PWD/$header" >"$out/$target.modulemap"
  maps+=(-Xcc "-fmodule-map-file=$out/$target.modulemap")
done
swiftc -O -g -parse-as-library -swift-version 6 -module-name ConnectJobs -package-name connectjobs \
  -sanitize=address,fuzzer "${maps[@]}" "${core[@]}" Tests/fuzz/*.swift "$out"/*.o \
  -Xclang-linker -fsanitize=undefined -l:libffi_pic.a -lstdc++ -ldl -o "$out/fuzz"

# Seeds: one of each kind, so that the first minute is not spent on finding a bracket.
seed() { printf "$2" >"$out/corpus/seed-$1"; }
record='{"text":"a\\u00e9\\ud83d\\ude00","word":"w","small":1,"large":"2","flag":true,"time":"2024-12-06T19:09:29.948016766Z","x":[{}]}'
seed array "\\000\\003[$record,{\"text\":null}]"
seed entries "\\001\\003{\"entries\":[$record]}"
seed object "\\002\\003$record"
seed documents "\\003\\003$record\\n$record"
seed address '\004\000https://[::1]:3939/connect/__api__/#/x'
seed time '\005\0002006-01-02T15:04:05.999999999-07:00'
seed head '\005\000HTTP/1.1 429 Too Many Requests\r\n'
seed error '\005\000{"code":4,"error":"gone"}'
seed signature '\006\000int snprintf(NULL, (size_t)0, "%%s %%d", ..., data, (int)data_len)'
seed journal '\006\000void sd_journal_send("M=%%s", ..., data, "J=%%s", job_key, NULL)'
seed line '\006\000line free(free) redact(data, data_len)'
seed manifest '\007\000{"connectjobs_plugin":1,"libraries":{"p":"./p.so"},"constants":{"A":1},"hooks":[{"event":"entry","library":"p","call":"void f(A)"}]}'
printf '%s\n' '"\"text\":\""' '"\"word\":"' '"\"small\":"' '"\"time\":"' '"\"entries\":["' '"\\u00"' \
  '"\\ud83d"' '"null"' '"Retry-After: "' '"https://"' '"/__api__"' \
  '"verdict "' '"line free("' '"..., "' '"(unsigned long)"' '"timestamp_ns"' '"\x22%s\x22"' >"$out/words"

echo "Failing inputs are left in $out/found."
exec "$out/fuzz" -max_total_time="$seconds" -dict="$out/words" -timeout=10 -rss_limit_mb=2048 \
  -max_len=4096 -artifact_prefix="$out/found/" -print_final_stats=1 "$out/corpus"
