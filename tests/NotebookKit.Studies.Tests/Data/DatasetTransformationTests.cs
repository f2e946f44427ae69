using System.Security.Cryptography;
using NotebookKit.Studies.Datasets;

namespace NotebookKit.Tests.Data;

public class DatasetTransformationTests
{
    private static readonly Lazy<DatasetCatalogue> Catalogue = new(() => DatasetCatalogue.Read(Path.Combine(CheckoutFolder.Root, "data", "datasets.json")));

    public static TheoryData<string> Paths => [.. Catalogue.Value.Files.Where(f => f.Transformation != "copy").Select(f => f.Path)];

    /// <summary>Runs where a folder holds the public files under the paths of their addresses (OWNER/REPOSITORY/COMMIT/…).</summary>
    [Theory]
    [MemberData(nameof(Paths))]
    public void Public_files_become_the_catalogues_bytes(string path)
    {
        var folder = Environment.GetEnvironmentVariable("NOTEBOOKKIT_SOURCES") ?? "";
        Assert.SkipWhen(folder.Length == 0, "NOTEBOOKKIT_SOURCES names no folder with the data sets' public files.");
        var file = Catalogue.Value.Files.Single(f => f.Path == path);
        var made = DatasetTransformation.Apply(file, [.. file.Sources.Select(s => File.ReadAllBytes(folder + new Uri(s.Url).AbsolutePath))]);
        Assert.Equal(file.Sha256, Convert.ToHexStringLower(SHA256.HashData(made)));
    }
}
