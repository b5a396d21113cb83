# A long job: it exports one table after another, and takes its time.
for table in customers orders invoices shipments returns; do
  echo "exporting $table"
  for part in 1 2 3 4 5; do
    echo "  $table: part $part of 5 written"
    sleep 20
  done
done
echo "export complete"
