namespace NotebookKit.Tests.Golden;

[Trait("Category", "Golden")]
public class GoldenFolderTests
{
    public static TheoryData<string> NamedFolders => new(GoldenFolders.Named);

    public static TheoryData<string> UnknownFixtures => GoldenFolders.Of(GoldenKind.Unknown);

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(NamedFolders))]
    public void A_named_folder_exists_and_holds_known_fixtures(string folder)
    {
        Assert.True(Directory.Exists(folder), $"{GoldenFolders.Variable} names {folder}, which is not a folder. Correct the variable or unset it.");
        Assert.True(GoldenFolders.Fixtures(folder).Any(path => GoldenFolders.KindOf(path) != GoldenKind.Unknown),
            $"{GoldenFolders.Variable} names {folder}, which holds no fixture of a known kind: NAME.json with its .safetensors files.");
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(UnknownFixtures))]
    public void A_fixture_of_an_unknown_kind_is_named(string path) => Assert.Skip($"{path} is of no kind that these tests know.");

    [Fact]
    public void The_tests_own_folder_holds_every_kind() =>
        Assert.Superset(
            new HashSet<GoldenKind>(Enum.GetValues<GoldenKind>().Except([GoldenKind.Unknown])),
            GoldenFolders.Fixtures(GoldenFolders.Own).Select(GoldenFolders.KindOf).ToHashSet());
}
