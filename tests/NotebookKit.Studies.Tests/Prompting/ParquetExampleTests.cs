using CsCheck;
using DuckDB.NET.Data;
using NotebookKit.Prompting;
using NotebookKit.Studies.Prompting;
using NotebookKit.Templates;

namespace NotebookKit.Tests.Prompting;

/// <summary>Parquet as Python's datasets read it: files are written by DuckDB, and expected texts are what Python prints.</summary>
public sealed class ParquetExampleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Written(string select, string how = "")
    {
        string path = _folder.File("rows.parquet");
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"COPY ({select}) TO '{path}' (FORMAT parquet{how})";
        command.ExecuteNonQuery();
        return path;
    }

    private static Task<IReadOnlyList<PromptExample>> Read(string path) => ExampleReader.ReadAsync(path, cancellation: TestContext.Current.CancellationToken);

    private static async Task<string> Value(string path) => (await Read(path))[0].ToString()[6..^1];

    [Theory]
    [InlineData("{'text': []::VARCHAR[], 'answer_start': []::INT[]}", "{'text': [], 'answer_start': []}")]
    [InlineData("['a', NULL, 'b']", "['a', None, 'b']")]
    [InlineData("[NULL, 2]", "[None, 2]")]
    [InlineData("[{'a': NULL::INT, 'b': []::INT[]}]", "[{'a': None, 'b': []}]")]
    [InlineData("[NULL, [2, NULL]]", "[None, [2, None]]")]
    [InlineData("[]::INT[]", "[]")]
    [InlineData("[NULL]::INT[]", "[None]")]
    [InlineData("NULL::INT[]", "None")]
    [InlineData("{'a': NULL::INT}", "{'a': None}")]
    [InlineData("NULL::STRUCT(a INT)", "None")]
    [InlineData("[[[]], [], NULL, [[NULL, ['', NULL]]]]::VARCHAR[][][][]", "[[[]], [], None, [[None, ['', None]]]]")]
    [InlineData("MAP {'k': [1], 'j': NULL}", "{'k': [1], 'j': None}")]
    public async Task Nulls_and_empty_lists_stay_at_every_depth(string sql, string python) =>
        Assert.Equal(python, await Value(Written($"SELECT {sql} AS x")));

    [Theory]
    [InlineData("DATE '2020-01-02'", "2020-01-02")]
    [InlineData("TIME '03:04:05'", "03:04:05")]
    [InlineData("TIME '03:04:05.25'", "03:04:05.250000")]
    [InlineData("TIMESTAMP '2020-01-02 03:04:05'", "2020-01-02 03:04:05")]
    [InlineData("TIMESTAMP_MS '1969-12-31 23:59:59.5'", "1969-12-31 23:59:59.500000")]
    [InlineData("TIMESTAMP_NS '2020-01-02 03:04:05.000000007'", "2020-01-02 03:04:05.000000007")]
    [InlineData("TIMESTAMPTZ '2020-01-02 03:04:05+01'", "2020-01-02 02:04:05+00:00")]
    [InlineData("1.50::DECIMAL(10,2)", "1.50")]
    [InlineData("-0.05::DECIMAL(38,4)", "-0.0500")]
    [InlineData("'a''\\x00'::BLOB", "b\"a'\\x00\"")]
    public async Task Times_decimals_and_bytes_print_as_in_Python(string sql, string python)
    {
        var row = (await Read(Written($"SELECT {sql} AS x, [{sql}, NULL] AS y")))[0];
        Assert.Equal($"{python}|{python} None", PromptTemplate.Parse("{{ x }}|{{ y[0] }} {{ y[1] }}").Render(row));
    }

    [Fact]
    public async Task Numbers_keep_their_kind_and_size() => Assert.Equal(
        "{'a': 127, 'b': 18446744073709551615, 'c': 0.5, 'd': 0.10000000149011612, 'e': True, 'f': None}",
        (await Read(Written("SELECT 127::TINYINT AS a, 18446744073709551615::UBIGINT AS b, 0.5::DOUBLE AS c, 0.1::FLOAT AS d, true AS e, NULL::INT AS f")))[0].ToString());

    [Fact]
    public async Task A_time_outside_of_the_calendar_is_named_with_its_column()
    {
        string path = Written("SELECT DATE '12020-01-02' AS far");
        var error = await Assert.ThrowsAsync<PromptFileException>(() => Read(path));
        Assert.StartsWith(path, error.Message);
        Assert.Contains("'far'", error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData(", ROW_GROUP_SIZE 2048, CODEC zstd")]
    [InlineData(", CODEC uncompressed, PARQUET_VERSION v2")]
    public async Task Many_rows_agree_with_what_DuckDB_reads(string how)
    {
        // More rows than a batch has, with lists of changing length, so that every slice has another start.
        string path = Written("SELECT i, [j FOR j IN range(i % 4) IF j <> 1] AS l, CASE WHEN i % 3 = 0 THEN NULL ELSE {'a': 't' || i, 'b': [[i], NULL]} END AS s FROM range(150000) t(i)", how);
        var rows = await Read(path);
        Assert.Equal(150_000, rows.Count);
        for (int i = 0; i < rows.Count; i += 7)
        {
            string list = string.Join(", ", Enumerable.Range(0, i % 4).Where(j => j != 1));
            Assert.Equal($"{{'i': {i}, 'l': [{list}], 's': {(i % 3 == 0 ? "None" : $"{{'a': 't{i}', 'b': [[{i}], None]}}")}}}", rows[i].ToString());
        }
    }

    [Fact]
    public async Task A_damaged_file_is_read_or_refused_with_the_usual_error()
    {
        byte[] sound = await File.ReadAllBytesAsync(Written("SELECT i, 'text ' || i AS text, [i, NULL] AS list, {'a': DATE '2020-01-02'} AS s FROM range(50) t(i)"), TestContext.Current.CancellationToken);
        Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Byte).Array[1, 4].Sample(changes =>
        {
            byte[] damaged = [.. sound];
            foreach (var (at, value) in changes) damaged[at] = value;
            if (ErrorOf(damaged) is { } error) Assert.StartsWith("x.parquet: ", error);
        }, iter: 500, threads: 1);
        for (int length = 0; length < sound.Length; length += 17) Assert.NotNull(ErrorOf(sound[..length]));
    }

    /// <summary>How the reading of a file ends: null, or the one error that it may end in.</summary>
    private static string? ErrorOf(byte[] file)
    {
        var reading = ExampleReader.ReadParquetAsync(new MemoryStream(file), "x.parquet", cancellation: TestContext.Current.CancellationToken);
        Assert.True(reading.IsCompleted);
        return reading.Exception?.InnerException is { } error ? Assert.IsType<PromptFileException>(error).Message : null;
    }

    [Fact]
    public async Task A_missing_column_is_named_with_those_there_are()
    {
        string path = Written("SELECT 1 AS a, 2 AS b");
        var error = await Assert.ThrowsAsync<PromptFileException>(() => ExampleReader.ReadAsync(path, ["text"], TestContext.Current.CancellationToken));
        Assert.Contains("missing field text; there are: a, b", error.Message);
    }
}
