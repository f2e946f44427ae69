using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using NotebookKit.Studies.Datasets;

namespace NotebookKit.Tests.Data;

public sealed class DatasetStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static readonly byte[] Source = "good film\t1\nbad film\t0\n"u8.ToArray();

    private static readonly byte[] Made = """
        {"sentence": "good film", "label": 1, "idx": 0}
        {"sentence": "bad film", "label": 0, "idx": 1}

        """u8.ToArray();

    private static string Sha(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static string Catalogue(string address = "http://127.0.0.1:9/o/r/0000000000000000000000000000000000000000/f", Action<JsonObject>? change = null)
    {
        var file = new JsonObject
        {
            ["dataset"] = "films",
            ["split"] = "train",
            ["path"] = "data/films/train.jsonl",
            ["group"] = "sentiment",
            ["role"] = "train",
            ["t0"] = "",
            ["templates"] = "",
            ["rows"] = 2,
            ["bytes"] = Made.Length,
            ["sha256"] = Sha(Made),
            ["fields"] = new JsonArray("sentence", "label", "idx"),
            ["labels"] = new JsonObject(),
            ["licence"] = "none",
            ["caution"] = "",
            ["transformation"] = "sentence-tab-label",
            ["arguments"] = new JsonObject(),
            ["sources"] = new JsonArray(new JsonObject { ["url"] = address, ["bytes"] = Source.Length, ["sha256"] = Sha(Source) }),
        };
        change?.Invoke(file);
        return new JsonObject { ["format"] = "notebookkit-datasets 1", ["files"] = new JsonArray(file), ["copies"] = new JsonArray() }.ToJsonString();
    }

    private DatasetStore Store(string catalogue, params string[] folders) =>
        new(DatasetCatalogue.Read(_folder.Write("datasets.json", catalogue)), Path.Combine(_folder.Path, "cache"), folders);

    [Fact]
    public void Empty_and_blank_names_of_folders_are_passed_over()
    {
        char between = Path.PathSeparator;
        Assert.Equal(["one", "two"], DatasetStore.Folders($"{between} one{between}{between} {between}two{between}"));
        Assert.Empty(DatasetStore.Folders(null));
        Assert.Empty(DatasetStore.Folders(" "));
    }

    [Fact]
    public void A_data_folder_is_opened_with_its_catalogue_and_its_cache()
    {
        string data = Path.Combine(CheckoutFolder.Root, "data");
        var store = DatasetStore.Open(data);
        Assert.Equal(Path.Combine(data, "cache", "datasets"), store.Cache);
        Assert.Equal(DatasetCatalogue.Read(Path.Combine(data, "datasets.json")).Files.Count, store.Catalogue.Files.Count);
    }

    [Fact]
    public void The_committed_catalogue_is_sound()
    {
        var catalogue = DatasetCatalogue.Read(Path.Combine(CheckoutFolder.Root, "data", "datasets.json"));
        Assert.Equal(23, catalogue.Files.Where(f => f.Role == "train").Select(f => f.Dataset).Distinct().Count());
        var held = catalogue.Files.Where(f => f.Role == "hold out").ToList();
        Assert.Equal(4, held.Select(f => f.Group).Distinct().Count());
        Assert.All(catalogue.Files, f => Assert.NotEqual("", f.Licence));
        Assert.Equal(280, catalogue["promptsource"].Count);
    }

    [Fact]
    public void The_catalogue_agrees_with_the_files_at_hand()
    {
        var folder = Environment.GetEnvironmentVariable("NOTEBOOKKIT_DATA") ?? "";
        Assert.SkipWhen(folder.Length == 0, "NOTEBOOKKIT_DATA names no folder with the public data sets.");
        var store = new DatasetStore(DatasetCatalogue.Read(Path.Combine(CheckoutFolder.Root, "data", "datasets.json")), Path.Combine(_folder.Path, "cache"), folder.Split(Path.PathSeparator));
        foreach (var file in store.Catalogue.Files)
        {
            var status = store.Check(file);
            Assert.True(status.State == DatasetState.Present, $"{file.Path}: {status.State}");
            if (file.Fields.Count == 0) continue;
            var lines = File.ReadAllLines(status.Path);
            Assert.Equal(file.Rows, lines.Length);
            Assert.Equal(file.Fields, JsonNode.Parse(lines[0])!.AsObject().Select(p => p.Key));
        }
    }

    [Fact]
    public async Task A_file_is_made_of_its_sources_once_and_then_found()
    {
        using var server = new MisbehavingServer(Source, MisbehavingServer.Behaviour.Behave);
        using var download = new DatasetDownload();
        var store = Store(Catalogue(server.Address));
        var file = store.Catalogue["films"][0];
        Assert.Equal(DatasetState.Missing, store.Check(file).State);
        var path = await store.GetAsync(file, download, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(Made, File.ReadAllBytes(path));
        Assert.Equal(path, store.Locate("films", "train"));
        Assert.Equal(path, await store.GetAsync(file, download, cancellation: TestContext.Current.CancellationToken));
        Assert.Single(server.Ranges);
    }

    [Fact]
    public async Task A_damaged_file_is_never_handed_out_and_is_made_again()
    {
        using var server = new MisbehavingServer(Source, MisbehavingServer.Behaviour.Behave);
        using var download = new DatasetDownload();
        var store = Store(Catalogue(server.Address));
        var file = store.Catalogue["films"][0];
        var path = await store.GetAsync(file, download, cancellation: TestContext.Current.CancellationToken);
        File.WriteAllBytes(path, Made[..^1]);
        File.WriteAllText(Path.Combine(store.Cache, "sources", Sha(Source)), "damaged, too");
        Assert.Equal(new(file, DatasetState.Damaged, path), store.Check(file));
        Assert.Equal("films", Assert.Throws<DatasetException>(() => store.Locate("films", "train")).Dataset);
        Assert.Equal(path, await store.GetAsync(file, download, cancellation: TestContext.Current.CancellationToken));
        Assert.Equal(Made, File.ReadAllBytes(path));
    }

    [Fact]
    public void Named_folders_are_looked_in_first_and_a_damaged_copy_does_not_hide_a_sound_one()
    {
        var first = Path.Combine(_folder.Path, "first");
        _folder.Write("first/data/films/train.jsonl", "something else");
        var sound = _folder.Write("second/data/films/train.jsonl", Encoding.ASCII.GetString(Made));
        _folder.Write("cache/data/films/train.jsonl", Encoding.ASCII.GetString(Made));
        Assert.Equal(sound, Store(Catalogue(), first, Path.Combine(_folder.Path, "second")).Locate("films", "train"));
    }

    [Fact]
    public void A_missing_file_names_the_command_that_brings_it()
    {
        var store = Store(Catalogue());
        Assert.Equal("films", Assert.Throws<DatasetException>(() => store.Locate("films", "train")).Dataset);
        Assert.Contains("it has train", Assert.Throws<KeyNotFoundException>(() => store.Locate("films", "test")).Message);
        Assert.Contains("did you mean films", Assert.Throws<KeyNotFoundException>(() => store.Locate("film", "test")).Message);
    }

    [Fact]
    public async Task A_transformation_that_gives_other_bytes_leaves_nothing_in_the_cache()
    {
        using var server = new MisbehavingServer(Source, MisbehavingServer.Behaviour.Behave);
        using var download = new DatasetDownload();
        foreach (var (change, expected) in new (Action<JsonObject>, string)[] { (f => f["sha256"] = new string('0', 64), "other bytes"), (f => f["transformation"] = "squad", "does not fit"), (f => f["fields"] = new JsonArray("other"), "expected other") })
        {
            var store = Store(Catalogue(server.Address, change));
            var error = await Assert.ThrowsAsync<DatasetException>(() => store.GetAsync(store.Catalogue["films"][0], download, cancellation: TestContext.Current.CancellationToken));
            Assert.Contains("data/films/train.jsonl", error.Message);
            Assert.Contains(expected, error.Message);
            Assert.False(Directory.Exists(Path.Combine(store.Cache, "data")));
        }
    }

    public static TheoryData<string, string> Mistakes => new()
    {
        { "leads out of the data folder", "path=../secret" },
        { "leads out of the data folder", "path=/etc/secret" },
        { "no SHA-256", "sha256=abc" },
        { "is unknown", "transformation=magic" },
        { "'extra'", "extra=1" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_in_a_catalogue_is_reported_with_its_place(string expected, string change)
    {
        var error = Assert.Throws<InvalidDataException>(() => Store(Catalogue(change: f => f[change.Split('=')[0]] = change.Split('=')[1])));
        Assert.Contains("datasets.json", error.Message);
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void An_address_that_is_not_pinned_is_refused() =>
        Assert.Contains("is not pinned", Assert.Throws<InvalidDataException>(() => Store(Catalogue("http://127.0.0.1/o/r/main/f"))).Message);
}
