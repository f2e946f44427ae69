using System.Text;
using DuckDB.NET.Data;
using NotebookKit.Corpus;
using NotebookKit.Models;
using NotebookKit.Pmi;
using NotebookKit.Pretrained;
using NotebookKit.Prompting;
using NotebookKit.Runner.Notebooks;
using NotebookKit.Studies.Datasets;
using NotebookKit.Studies.Experiments;
using NotebookKit.Studies.Prompting;
using NotebookKit.Templates.Language;
using NotebookKit.Tokenizers;
using NotebookKit.Training;

namespace NotebookKit.Benchmarks.Fuzz;

/// <summary>Everything that reads files of strangers, each with small valid inputs that are made here.</summary>
internal static class FuzzReaders
{
    private static EngineOptions Engine { get; } = new() { Threads = 1, MemoryLimit = 64L << 20 };

    private static readonly string[] JsonPieces =
        ["{", "}", "[", "]", ",", ":", "\"", "\\", "\\ud83d", "\\u0000", "NaN", "-Infinity", "null", "true", "\uFEFF", "\n", "{\"a\":", "[[[[[[[[[[[[[[[[", "\"a\":1,\"a\":2", "1e400", "\uD7FF", "//", "'"];

    private static readonly string[] YamlPieces =
        ["|", "|-", ">", "\"", "'", "!Template ", "!!python/x ", "&a ", "*a", "\\x", "\"\\U00110000\"", "\"\\ud800\"", ": ", "- ", "? ", "{", "}", "[", "]", "#", "%YAML 1.1\n", "---\n", "...\n", "\t", "\u2028", "\u0085", "\n", "  ", "@", "`", "<<: ", "~", "\0", ",", "|||", "{{ x }}", "%"];

    public static IReadOnlyList<FuzzReader> All { get; } =
    [
        Text<PromptFileException>("prompts", 18, Prompts, YamlPieces, input => PromptCollection.Read(new StringReader(input.Text), "input")),
        new("templates", 18, HostileTemplates.Make, input => HostileTemplates.Render(input.Text), (e, _) => e is TemplateException { Line: >= 1, Column: >= 1 }),
        Text<NotebookFormatException>("notebooks", 10, Notebooks, JsonPieces, input => NotebookWriter.ToText(NotebookReader.Parse(input.Bytes, "input"))),
        Text<PromptFileException>("csv", 8, Csv, [",", "\"", "\n", "\r", "\r\n", "\"\"", "\uFEFF", ",,,,,", "\0", "007", "1e5", "-"], input => ExampleReader.ReadCsv(new StringReader(input.Text), "input")),
        Text<PromptFileException>("json-lines", 8, JsonLines, JsonPieces, input => ExampleReader.ReadJsonLines(new StringReader(input.Text), "input").Count()),
        Binary<PromptFileException>("parquet", 18, ParquetFiles, input => ExampleReader.ReadParquetAsync(new MemoryStream(input.Bytes), "input").GetAwaiter().GetResult()),
        Binary<InvalidDataException>("safetensors", 8, Tensors, ReadTensors),
        Text<InvalidDataException>("vocabulary", 5, Vocabularies, ["\t", "\n", " ", "\r", "\uFEFF", "rank\tn\tngram\tcount\tscore\n", "NaN", "\0"], input => CorpusRanking.Read(input.AsFile(input.Bytes.AsSpan().StartsWith("rank"u8) ? "input.tsv" : "input.txt"))),
        Text<InvalidDataException>("pieces", 4, Pieces, ["\n", "[MASK]", "##", "\0", " ", "\r", "\uFEFF"], input => WordPieceVocabulary.Load(input.AsFile("input.txt"))),
        Binary<InvalidDataException>("vocabulary-parquet", 6, VocabularyFile, input => CorpusRanking.Read(input.AsFile("input.parquet"))),
        Binary<InvalidDataException>("parts", 8, PartFiles, input => CountPart.Merge([input.AsFile("input.parquet")], 1, Engine, out _)),
        new("corpus", 4, Mutated(CorpusLines, JsonPieces), Count, (e, _) => e is IOException or InvalidDataException && e.Message.Contains("input")),
        Text<InvalidDataException>("catalogue", 5, Catalogues, JsonPieces, input => DatasetCatalogue.Read(input.AsFile("input.json"))),
        Text<InvalidDataException>("results", 4, Results, JsonPieces, input => ResultFile.Parse(input.Text, "input")),
        new("cache", 4, CacheEntry, ReadCache, (_, _) => false),
        Text<InvalidDataException>("config", 6, Configs, JsonPieces, ReadConfig),
    ];

    private static Func<Random, byte[]> Mutated(Func<IReadOnlyList<byte[]>> valid, IReadOnlyList<string> pieces)
    {
        var made = new Lazy<IReadOnlyList<byte[]>>(valid);
        return random => Mutation.Of(random, made.Value, pieces);
    }

    /// <summary>A reader that promises one kind of error, which names the input.</summary>
    private static FuzzReader Text<TError>(string name, int share, Func<IReadOnlyList<byte[]>> valid, IReadOnlyList<string> pieces, Func<FuzzInput, object> read) where TError : Exception =>
        new(name, share, Mutated(valid, pieces), input => read(input), (e, _) => e is TError && e.Message.Contains("input"));

    private static FuzzReader Binary<TError>(string name, int share, Func<IReadOnlyList<byte[]>> valid, Func<FuzzInput, object> read) where TError : Exception => Text<TError>(name, share, valid, [], read);

    private static byte[][] Utf8(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

    private static byte[][] Prompts() => Utf8(
        """
        dataset: weather
        subset: daily
        templates:
          0b8b7c51-0000-4000-8000-000000000001: !Template
            answer_choices: dry ||| wet
            id: 0b8b7c51-0000-4000-8000-000000000001
            jinja: "Will it rain?\n{{ report }} \u263A \x41 |||\
              \ {{ answer_choices [label] }}"
            metadata: !TemplateMetadata
              choices_in_prompt: false
              languages: &languages
              - en
              metrics:
              - Accuracy
              original_task: true
            name: will it rain
            reference: ''
        """,
        """
        dataset: weather
        templates:
          0b8b7c51-0000-4000-8000-000000000002: !Template
            answer_choices: null
            id: 0b8b7c51-0000-4000-8000-000000000002
            jinja: |-
              Write a report. # no comment
                It's {{ a }}|||{{ b }}
            metadata: !TemplateMetadata {choices_in_prompt: null, languages: [en, 'fr'], metrics: [], original_task: no}
            name: "yes"
            reference: >
              folded
              text
            task_template: true
        """);

    private static byte[][] Notebooks() => Utf8(
        """
        {"cells": [{"cell_type": "markdown", "id": "a1", "metadata": {}, "source": ["# T\n", "x $y$"], "attachments": {"p.png": {"image/png": "iVBORw0="}}},
         {"cell_type": "code", "id": "b2", "execution_count": 1, "metadata": {"tags": ["parameters"]}, "source": "var x = 1;\nx", "outputs": [
          {"output_type": "stream", "name": "stdout", "text": ["hi\n"]},
          {"output_type": "execute_result", "execution_count": 1, "data": {"text/plain": "1", "application/json": {"a": [1, 2.5e-6]}}, "metadata": {}},
          {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["t"]}]}],
         "metadata": {"kernelspec": {"name": ".net-csharp", "display_name": ".NET (C#)"}, "language_info": {"name": "C#"}}, "nbformat": 4, "nbformat_minor": 5}
        """,
        """{"cells":[{"cell_type":"raw","metadata":{},"source":[]},{"cell_type":"code","execution_count":null,"metadata":{},"outputs":[{"output_type":"display_data","data":{"text/html":["<b>","x</b>"]},"metadata":{}}],"source":["1"]}],"metadata":{},"nbformat":4,"nbformat_minor":2}""");

    private static byte[][] Csv() => Utf8("id,text,score,flag\r\n1,\"a, \"\"b\"\"\nc\",0.5,True\r\n-2,plain é,3,False\r\n", "a\n12345678901234567890123\n\n7\n", "a,b\n\"x\",\n,\"\"\n");

    private static byte[][] JsonLines() => Utf8("{\"z\": 1, \"a\": 2.5e3, \"m\": {\"y\": [1, null, true]}, \"big\": 123456789012345678901}\n\n{\"z\": \"\\u00e9\\ud83d\\ude00\"}\n", "{\"text\":\"a b\",\"text\":\"c\",\"list\":[[],[[]],{\"a\":{}}]}");

    private static byte[][] CorpusLines() => Utf8("{\"text\": \"the big dog and the big cat\"}\n{\"id\": 1, \"text\": \"the \\u00e9 \\ud83d\\ude00 big dog\", \"m\": {\"text\": [1]}}\n", "\uFEFF{\"text\":\"a b a b\"}\n\n{\"text\":null}\n");

    private static byte[][] Vocabularies() => Utf8("new york\nas well as\nin order to\n", "rank\tn\tngram\tcount\tscore\n1\t2\tnew york\t12\t3.25\n2\t3\tas well as\t40\t-1.5E-05\n");

    private static byte[][] Pieces() => Utf8("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\n##ing\né\n");

    private static byte[][] Configs() => Utf8(
        """{"model_type": "bert", "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32, "vocab_size": 100, "max_position_embeddings": 32, "hidden_act": "gelu", "hidden_dropout_prob": 0.1, "id2label": {"0": "a", "1": "b", "2": "c"}}""",
        """{"model_type": "gpt2", "n_embd": 16, "n_layer": 2, "n_head": 2, "n_positions": 32, "vocab_size": 100, "activation_function": "gelu_new", "resid_pdrop": 0.1}""",
        """{"model_type": "t5", "d_model": 16, "d_kv": 8, "d_ff": 32, "num_layers": 2, "num_heads": 2, "vocab_size": 100, "feed_forward_proj": "gated-gelu", "dropout_rate": 0.1, "tie_word_embeddings": false}""");

    private static object ReadConfig(FuzzInput input)
    {
        string path = input.AsFile("input.json");
        return input.Text.Contains("gpt2") ? Gpt2Config.Load(path) : input.Text.Contains("\"t5\"") ? T5Config.Load(path) : BertConfig.Load(path);
    }

    private static byte[][] Catalogues()
    {
        string sum = new('a', 64), commit = new('b', 40);
        return Utf8(
            $$"""
            {"format": "notebookkit-datasets 1",
             "files": [{"dataset": "d/s", "split": "train", "path": "data/d/train.jsonl", "group": "g", "role": "train", "t0": "", "templates": "d", "rows": 2, "bytes": 10, "sha256": "{{sum}}", "fields": ["a"], "labels": {"a": ["no", "yes"]}, "licence": "MIT", "caution": "", "transformation": "sentence-tab-label", "arguments": {"every": 2}, "sources": [{"url": "https://example.org/{{commit}}/x", "bytes": 3, "sha256": "{{sum}}"}]}],
             "copies": [{"dataset": "p", "group": "g", "role": "templates", "licence": "MIT", "address": "https://example.org/{{commit}}/", "files": [{"path": "p/t.yaml", "source": "t.yaml", "bytes": 1, "sha256": "{{sum}}"}]}]}
            """);
    }

    private static byte[][] Results() => Utf8(
        """
        {"format": "notebookkit-result 1", "experiment": "e", "preset": "full", "device": "cpu", "date": "2026-01-31", "commit": "abc", "kit": "k", "data": "d", "checksum": "c",
         "settings": {"a": {"x": 1}, "b": {"x": 2}}, "rows": [["a", 0, 10, "loss", 1.5], ["b", 1, 10, "loss", "NaN"]]}
        """,
        new ResultFile("e", "smoke", "cpu", new DateOnly(2026, 1, 31), "abc", "k", "d", "c", new Dictionary<string, string> { ["a"] = "{\"x\":1}" }, new([new("a", 0, 1, "m", 2)])).ToJson());

    private static RunKey Key { get; } = new("e", "{}", 1, "d", "cpu", "k");

    private static readonly Lazy<byte[]> SoundEntry = new(() =>
    {
        string folder = Directory.CreateTempSubdirectory("fuzz-cache-").FullName;
        try
        {
            var cache = new RunCache(folder);
            cache.Write(Key, [new(1, "loss", 0.5), new(2, "loss", double.NaN)]);
            return File.ReadAllBytes(cache.PathOf(Key));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    });

    /// <summary>A changed entry; of half of them the checksum is right again, so that what lies behind it is read.</summary>
    private static byte[] CacheEntry(Random random)
    {
        byte[] changed = Mutation.Of(random, [SoundEntry.Value], JsonPieces);
        string sound = Encoding.UTF8.GetString(SoundEntry.Value), text = Encoding.UTF8.GetString(changed);
        if (random.Next(2) == 0 || text.IndexOf('\n') is not (>= 0 and var end)) return changed;
        string mark = sound[..(sound.IndexOf('\n') - CanonicalJson.Hash("").Length)];
        return Encoding.UTF8.GetBytes(mark + CanonicalJson.Hash(text[(end + 1)..]) + text[end..]);
    }

    private static void ReadCache(FuzzInput input)
    {
        var cache = new RunCache(input.Folder);
        Directory.CreateDirectory(Path.GetDirectoryName(cache.PathOf(Key))!);
        File.WriteAllBytes(cache.PathOf(Key), input.Bytes);
        // Damage is told, not thrown, so that the run is made again.
        if (!cache.TryRead(Key, out var measurements, out string damage) && damage.Length == 0) throw new InvalidOperationException("neither an entry nor damage");
        _ = measurements.Sum(m => m.Value);
    }

    private static byte[][] Tensors()
    {
        byte[] header = Encoding.UTF8.GetBytes("""{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"b":{"dtype":"BF16","shape":[3],"data_offsets":[16,22]},"c":{"dtype":"I64","shape":[],"data_offsets":[22,30]}}""");
        return [[.. BitConverter.GetBytes((long)header.Length), .. header, .. new byte[30]]];
    }

    private static readonly Lazy<TorchRuntime> Torch = new(() => TorchRuntime.Load());

    private static object ReadTensors(FuzzInput input)
    {
        _ = Torch.Value;
        using var file = Safetensors.Open(input.AsFile("input.safetensors"));
        foreach (var entry in file.Entries) file.Read(entry.Name).Dispose();
        return file;
    }

    private static void Count(FuzzInput input) =>
        new CorpusCounter(Engine).Count([new CorpusFile("input.jsonl", input.Bytes.Length, () => new MemoryStream(input.Bytes))], new NgramCountOptions { MinCount = 1 }, out _);

    private static NgramCounts Counts() =>
        new CorpusCounter(Engine).Count([new CorpusFile("x.txt", 0, () => new MemoryStream("the big dog and the big cat\nthe big dog sat\n"u8.ToArray()))], new NgramCountOptions { MinCount = 1 }, out _);

    private static byte[][] VocabularyFile() => [Written("v.parquet", path => CorpusRanking.Rank(Counts(), NgramScore.Pmi, new VocabularyQuota()).Write(path))];

    private static byte[][] PartFiles() =>
    [
        Written("p.parquet", path =>
        {
            string text = path + ".txt";
            File.WriteAllText(text, "the big dog and the big cat\nthe big dog sat\n");
            CountPart.Write([CorpusFile.OfPath(text)], path, new NgramCountOptions(), Engine);
        }),
        Query("SELECT n, ngram, count FROM (VALUES (1, 'a', 3), (1, 'b', 2), (2, 'a b', 2)) t(n, ngram, count)"),
    ];

    /// <summary>Lists, groups, nulls, every type of time, with and without compression and dictionaries.</summary>
    private static byte[][] ParquetFiles() =>
    [
        Query("SELECT i AS id, 'text ' || i AS text, i / 2.0 AS score, i % 2 = 0 AS flag FROM range(20) t(i)"),
        Query("SELECT {'text': ['a', NULL], 'start': [i]} AS answers, [[i, NULL], NULL, []] AS lists, [{'a': 1, 'b': [i]}, NULL] AS groups FROM range(3) t(i)"),
        Query("SELECT DATE '2020-01-02' AS d, TIME '03:04:05.25' AS t, TIMESTAMP '2020-01-02 03:04:05' AS m, TIMESTAMPTZ '2020-01-02 03:04:05+00' AS z, 1.50::DECIMAL(10,2) AS c, 'ab'::BLOB AS b, MAP {'k': 1} AS p, uuid() AS u"),
        Query("SELECT 'one of few' AS text, 1 AS label FROM range(300)", "CODEC zstd"),
        Query("SELECT 'one of few' AS text, 1 AS label FROM range(300)", "CODEC uncompressed, PARQUET_VERSION v2"),
    ];

    private static byte[] Query(string select, string how = "CODEC snappy") => Written("q.parquet", path =>
    {
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"COPY ({select}) TO '{path}' (FORMAT parquet, {how})";
        command.ExecuteNonQuery();
    });

    private static byte[] Written(string name, Action<string> write)
    {
        string folder = Directory.CreateTempSubdirectory("fuzz-").FullName;
        try
        {
            write(Path.Combine(folder, name));
            return File.ReadAllBytes(Path.Combine(folder, name));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
