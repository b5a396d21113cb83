#!/bin/sh
# Makes an authority and the certificates of the TLS ports in FOLDER:
#   ca.pem           the authority
#   server.pem       signed by it, for 127.0.0.1 and localhost
#   elsewhere.pem    signed by it, for another host
#   self-signed.pem  signed by nobody else
#
#   certificates.sh FOLDER
set -eu
cd "$1"

make_key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"; }

sign() { # NAME SUBJECT_ALTERNATIVE_NAMES
  make_key "$1"
  printf 'subjectAltName=%s\n' "$2" >"$1.ext"
  openssl req -new -key "$1.key" -subj "/CN=$1" -out "$1.csr"
  openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
    -extfile "$1.ext" -out "$1.pem" 2>/dev/null
}

make_key ca
openssl req -x509 -new -key ca.key -days 2 -subj "/CN=Test authority" \
  -addext "basicConstraints=critical,CA:TRUE" -out ca.pem
sign server "IP:127.0.0.1,DNS:localhost"
sign elsewhere "DNS:elsewhere.example"
make_key self-signed
openssl req -x509 -new -key self-signed.key -days 2 -subj "/CN=self-signed" \
  -addext "subjectAltName=IP:127.0.0.1,DNS:localhost" -out self-signed.pem
