#!/usr/bin/env bash
# MathNet.Numerics 5.0.0: Quantile, Percentile and LowerQuartile follow definition R-8 (median-unbiased), where NumPy, pandas, R and Excel
# follow R-7 unless they are told otherwise. The ends of a bootstrap interval therefore differ from a paper's script on the same draws; one
# would guess the same default. QuantileCustom(q, QuantileDefinition.R7) gives NumPy's number.
# Seen for 1 to 10 and q = .25: 2.9167 by default and 3.25 with R-7, which Python's statistics.quantiles(method='inclusive') gives too.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
cat > app.cs <<'CS'
#:package MathNet.Numerics@5.0.0
#:property PublishAot=false
using System.Globalization;
using MathNet.Numerics.Statistics;

double[] draws = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{draws.Quantile(0.25):F4} {draws.Percentile(25):F4} {draws.QuantileCustom(0.25, QuantileDefinition.R7):F4}"));
CS
out=$(dotnet run app.cs; /usr/bin/python3 -c "import statistics; print(statistics.quantiles(range(1, 11), n=4, method='inclusive')[0])")
echo "$out"
[ "$out" = $'2.9167 2.9167 3.2500\n3.25' ] || { echo "changed" >&2; exit 1; }
