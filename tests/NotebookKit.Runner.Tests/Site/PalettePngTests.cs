using NotebookKit.Runner.Site;

namespace NotebookKit.Tests.Site;

public sealed class PalettePngTests
{
    // One opaque point in RGBA, as a browser writes it.
    private static readonly byte[] Point = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    [Fact]
    public void A_picture_that_would_not_shrink_is_left_alone() =>
        Assert.Same(Point, PalettePng.Shrink(Point));

    [Fact]
    public void Something_else_is_left_alone()
    {
        var text = "not a picture, but long enough to hold a header"u8.ToArray();

        Assert.Same(text, PalettePng.Shrink(text));
    }
}
