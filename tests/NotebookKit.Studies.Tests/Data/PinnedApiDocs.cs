using NotebookKit.Studies.Data;

namespace NotebookKit.Tests.Data;

/// <summary>The pinned documentation, read once for all tests that need it.</summary>
public static class PinnedApiDocs
{
    private static readonly Lazy<ApiDocs?> Docs = new(() =>
    {
        try
        {
            var source = ApiDocsSource.Find();
            return source.Pinned ? ApiDocs.Load(source) : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    });

    private static readonly Lazy<TextCorpus> Text = new(() => Docs.Value!.ToCorpus());

    /// <summary>The documentation; the calling test is skipped where it is not there.</summary>
    public static ApiDocs Value
    {
        get
        {
            Assert.SkipWhen(Docs.Value is null, "The pinned API documentation is not on this machine (see NUGET_XMLDOC_MODE).");
            return Docs.Value!;
        }
    }

    /// <summary>Its sentences.</summary>
    public static TextCorpus Corpus => Value is not null ? Text.Value : throw new InvalidOperationException();
}
