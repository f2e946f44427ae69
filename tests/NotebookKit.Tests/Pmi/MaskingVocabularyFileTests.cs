using NotebookKit.Pmi;

namespace NotebookKit.Tests.Pmi;

public sealed class MaskingVocabularyFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("vocabulary-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_table_keeps_every_bit()
    {
        MaskingVocabulary saved = MaskingVocabulary.Build(PmiText.Count(PmiText.Ours, new() { MinCount = 1 }));
        string path = At("v.tsv");
        MaskingVocabularyFile.Save(saved, path);
        Assert.StartsWith("rank\tn\tngram\tcount\tscore\n1\t2\t", File.ReadAllText(path));
        Assert.Equal(saved.Entries, MaskingVocabularyFile.Load(path).Entries);
    }

    [Fact]
    public void A_plain_list_keeps_ngrams_and_their_order()
    {
        MaskingVocabulary saved = MaskingVocabulary.Build(PmiText.Count(PmiText.Ours, new() { MinCount = 2 }));
        MaskingVocabularyFile.Save(saved, At("v.txt"));
        Assert.Equal(saved.Entries.Select(entry => entry.Ngram), File.ReadAllLines(At("v.txt")));
        Assert.Equal(saved.Entries.Select(entry => new MaskingEntry(entry.Ngram, entry.Length)), MaskingVocabularyFile.Load(At("v.txt")).Entries);
    }

    [Theory]
    [InlineData("v.txt", "a b\nword\n", "line 2: 'word' is a single word")]
    [InlineData("v.txt", "a b\n\nc d\n", "line 2: '' has an empty word")]
    [InlineData("v.txt", "a  b\n", "line 1: 'a  b' has an empty word")]
    [InlineData("v.txt", "a b\nc d\na b\n", "line 3: 'a b' is already in line 1")]
    [InlineData("v.txt", "1\t2\ta b\n", "line 1: a plain list has no tabs")]
    [InlineData("v.tsv", "", "the table is empty")]
    [InlineData("v.tsv", "a b\n", "line 1: the header must be")]
    [InlineData("v.tsv", "rank\tn\tngram\tcount\tscore\n1\t2\ta b\t11\n", "line 2: 4 fields instead of 5")]
    [InlineData("v.tsv", "rank\tn\tngram\tcount\tscore\n2\t2\ta b\t11\t1.5\n", "line 2: rank '2' instead of 1")]
    [InlineData("v.tsv", "rank\tn\tngram\tcount\tscore\n1\t3\ta b\t11\t1.5\n", "line 2: n is '3', but 'a b' has 2 words")]
    [InlineData("v.tsv", "rank\tn\tngram\tcount\tscore\n1\t2\ta b\t1e3\t1.5\n", "line 2: count '1e3'")]
    [InlineData("v.tsv", "rank\tn\tngram\tcount\tscore\n1\t2\ta b\t11\t1,5\n", "line 2: score '1,5'")]
    [InlineData("v.tsv", "rank\tn\tngram\tcount\tscore\n1\t2\ta b\t11\tNaN\n", "line 2: score 'NaN'")]
    public void A_bad_line_is_named_with_file_and_place(string name, string content, string message)
    {
        File.WriteAllText(At(name), content);
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => MaskingVocabularyFile.Load(At(name)));
        Assert.StartsWith(At(name), error.Message);
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_refused()
    {
        File.WriteAllBytes(At("v.txt"), [(byte)'a', (byte)' ', 0xFF, (byte)'\n']);
        Assert.Contains("not UTF-8", Assert.Throws<InvalidDataException>(() => MaskingVocabularyFile.Load(At("v.txt"))).Message);
    }

    [Fact]
    public void Windows_line_ends_and_a_byte_order_mark_are_accepted()
    {
        File.WriteAllText(At("v.txt"), "\ufeffa b\r\nc d e\r\n");
        Assert.Equal([new("a b", 2), new("c d e", 3)], MaskingVocabularyFile.Load(At("v.txt")).Entries);
    }

    [Fact]
    public void A_refused_table_leaves_the_old_file_whole()
    {
        File.WriteAllText(At("v.tsv"), "old");
        Assert.Throws<ArgumentException>(() => MaskingVocabularyFile.Save(new([new("a b", 2)]), At("v.tsv")));
        Assert.Equal("old", File.ReadAllText(At("v.tsv")));
        Assert.Single(Directory.GetFiles(folder));
    }

    private string At(string name) => Path.Combine(folder, name);
}
