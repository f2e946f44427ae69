using System.Globalization;
using DuckDB.NET.Data;

namespace NotebookKit.Benchmarks;

/// <summary>
/// The peer: the same vocabulary by SQL alone. Words become integers once; every n-gram is a row of integers that a streaming window
/// makes from the column of words; levels are pruned by GROUP BY … HAVING; the scores join each n-gram with its parts.
/// </summary>
public static class DuckDbPipeline
{
    /// <summary>Runs the pipeline on tokenised text and returns the number of words.</summary>
    /// <param name="input">A run of words in each line, separated by single spaces.</param>
    /// <param name="output">The list: n, ngram, count, score, best first within each length.</param>
    /// <param name="threads">How many threads DuckDB uses.</param>
    /// <param name="minCount">The least count that is kept.</param>
    /// <param name="size">How many entries, of which half are of two words, a quarter of three, an eighth of four and of five.</param>
    /// <param name="trace">Told how long each statement took.</param>
    public static long Run(string input, string output, int threads, long minCount, int size, Action<string>? trace = null)
    {
        using DuckDBConnection connection = new("DataSource=:memory:");
        connection.Open();
        Execute($"SET threads = {threads}");
        foreach (string sql in Statements(input, output, minCount, size)) Execute(sql);
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = "SELECT total FROM totals WHERE n = 1";
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);

        void Execute(string sql)
        {
            long start = System.Diagnostics.Stopwatch.GetTimestamp();
            using DuckDBCommand command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
            trace?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds:0.00} s  {sql.ReplaceLineEndings(" ")}"));
        }
    }

    private static IEnumerable<string> Statements(string input, string output, long minCount, int size)
    {
        yield return $"""
            CREATE TABLE runs AS SELECT row_number() OVER () AS run, string_split(line, ' ') AS words
            FROM read_csv('{input}', columns = {"{'line': 'VARCHAR'}"}, header = false, auto_detect = false, delim = '\t', quote = '', escape = '', new_line = '\n')
            """;
        yield return "CREATE TABLE totals AS SELECT n, sum(greatest(len(words) - n + 1, 0))::BIGINT AS total FROM runs, range(1, 6) AS lengths(n) GROUP BY n";
        yield return "CREATE TABLE lexicon AS SELECT word, row_number() OVER ()::INTEGER AS id, count FROM (SELECT word, count(*) AS count FROM (SELECT unnest(words) AS word FROM runs) GROUP BY word)";
        yield return $"CREATE TABLE stream AS SELECT run::INTEGER AS run, CASE WHEN count >= {minCount} THEN id END AS w FROM (SELECT run, unnest(words) AS word, generate_subscripts(words, 1) AS i FROM runs) JOIN lexicon USING (word) ORDER BY run, i";
        yield return $"CREATE TABLE g1 AS SELECT id AS w1, count, ln(count) - ln((SELECT total FROM totals WHERE n = 1)) AS logp, ln(count) - ln((SELECT total FROM totals WHERE n = 1)) AS best, 0.0 AS score FROM lexicon WHERE count >= {minCount}";
        for (int n = 2; n <= 5; n++)
        {
            string w = string.Join(", ", Enumerable.Range(1, n).Select(i => $"w{i}"));
            string leads = string.Join(", ", Enumerable.Range(1, n).Select(i => i == 1 ? "w AS w1" : $"lead(w, {i - 1}) OVER () AS w{i}"));
            string present = string.Join(" AND ", Enumerable.Range(1, n).Select(i => $"w{i} IS NOT NULL"));
            yield return $"CREATE TABLE c{n} AS SELECT {w}, count(*) AS count FROM (SELECT run, lead(run, {n - 1}) OVER () AS last, {leads} FROM stream) WHERE run = last AND {present} GROUP BY {w} HAVING count(*) >= {minCount}";
            // Every first cut: the best value of the first k words plus the best value of the rest.
            string joins = string.Concat(Enumerable.Range(1, n - 1).Select(k =>
                $" JOIN g{k} AS a{k} ON {string.Join(" AND ", Enumerable.Range(1, k).Select(i => $"a{k}.w{i} = c.w{i}"))}" +
                $" JOIN g{n - k} AS b{k} ON {string.Join(" AND ", Enumerable.Range(1, n - k).Select(i => $"b{k}.w{i} = c.w{k + i}"))}"));
            string split = $"greatest({string.Join(", ", Enumerable.Range(1, n - 1).Select(k => $"a{k}.best + b{k}.best"))})";
            yield return $"""
                CREATE TABLE g{n} AS SELECT {w}, count, logp, greatest(logp, split) AS best, logp - split AS score
                FROM (SELECT {string.Join(", ", Enumerable.Range(1, n).Select(i => $"c.w{i}"))}, c.count, ln(c.count) - ln((SELECT total FROM totals WHERE n = {n})) AS logp, {split} AS split FROM c{n} AS c{joins})
                """;
        }
        string all = string.Join(" UNION ALL ", Enumerable.Range(2, 4).Select(n =>
            $"SELECT {n} AS n, {string.Join(" || ' ' || ", Enumerable.Range(1, n).Select(i => $"l{i}.word"))} AS ngram, g.count, score FROM g{n} AS g" +
            string.Concat(Enumerable.Range(1, n).Select(i => $" JOIN lexicon AS l{i} ON l{i}.id = g.w{i}"))));
        yield return $"""
            COPY (SELECT n, ngram, count, score FROM ({all})
            QUALIFY row_number() OVER (PARTITION BY n ORDER BY score DESC, count DESC, ngram) <= CASE n WHEN 2 THEN {size / 2} WHEN 3 THEN {size / 4} ELSE {size / 8} END
            ORDER BY n, score DESC, count DESC, ngram) TO '{output}' (FORMAT csv, DELIMITER '\t', HEADER, QUOTE '')
            """;
    }
}
