using System.Xml;
using NotebookKit.Studies.Data;

namespace NotebookKit.Tests.Data;

public class ApiDocsTests
{
    private const string Document = """
        <?xml version="1.0"?>
        <doc>
          <assembly><name>Zoo</name></assembly>
          <members>
            <member name="T:Zoo.Animals.Cage`1"><summary>A cage of <typeparamref name="T" />.</summary><typeparam name="T">What it holds.</typeparam></member>
            <member name="T:Zoo.Animals.Cage`1.Door"><summary>Its door.</summary></member>
            <member name="M:Zoo.Animals.Cage`1.#ctor(System.Int32,System.Collections.Generic.Dictionary{System.String,`0})">
              <summary>
                Makes a <see cref="T:Zoo.Animals.Cage`1" />,
                <see langword="null" /> aside.<para>See <see href="http://x.example/">the manual</see>.</para>
              </summary>
              <param name="size">How   large.</param>
              <param name="map">Who lives
              where.</param>
              <exception cref="T:System.ArgumentNullException"><paramref name="map" /> is <see langword="null" />.</exception>
              <exception cref="T:System.ArgumentException">
                <paramref name="size" /> is odd.

                -or-

                <paramref name="map" /> is empty.</exception>
            </member>
            <member name="M:Zoo.Animals.Cage`1.Door.Open``1(``0)"><returns><see langword="true" /> if <see cref="P:Zoo.Animals.Cage`1.Item(System.Int32)" /> left; otherwise, <c>false</c>.</returns></member>
            <member name="M:Zoo.Animals.Cage`1.op_Addition(Zoo.Animals.Cage{`0},Zoo.Animals.Cage{`0})"><summary>Joins cages.<code>
              var a = b + c;
              a.Close();
            </code>Both stay shut.</summary></member>
            <member name="P:Zoo.Animals.Cage`1.System#Collections#ICollection#Count"><value>The number of animals.</value></member>
            <member name="F:Zoo.Animals.Cage`1.Empty"><remarks><list type="table"><listheader><term>Value</term></listheader><item><term>Zero</term><description>No animals.</description></item></list></remarks></member>
            <member name="E:Zoo.Animals.Cage`1.Opened"><summary>Occurs when <see cref="!:Unknown.Thing" /> opens.</summary></member>
            <member name="!:Broken"><summary>Not a member.</summary></member>
            <member name="M:Zoo.Hidden.Keeper.Feed" />
          </members>
        </doc>
        """;

    private static readonly List<ApiMember> Members = Read(Document);

    private static List<ApiMember> Read(string xml)
    {
        using var reader = XmlReader.Create(new StringReader(xml));
        return ApiDocsReader.Read(reader, "");
    }

    private static ApiMember Member(string name, MemberKind kind) => Members.Single(m => m.Name == name && m.Kind == kind);

    [Fact]
    public void Malformed_ids_and_members_without_a_text_are_left_out() =>
        Assert.Equal(
            [MemberKind.Type, MemberKind.Type, MemberKind.Constructor, MemberKind.Method, MemberKind.Operator, MemberKind.Property, MemberKind.Field, MemberKind.Event],
            Members.Select(m => m.Kind));

    [Fact]
    public void The_namespace_ends_before_the_outermost_documented_type()
    {
        Assert.All(Members, m => Assert.Equal(("Zoo", "Zoo.Animals"), (m.Assembly, m.Namespace)));
        Assert.Equal("Cage.Door", Member("Open", MemberKind.Method).Type);
        Assert.Equal("Zoo.Animals.Cage.Door", Member("Door", MemberKind.Type).FullType);
    }

    [Fact]
    public void A_signature_is_split_at_outer_commas_only() =>
        Assert.Equal(["System.Int32", "System.Collections.Generic.Dictionary{System.String,`0}"], Member("Cage", MemberKind.Constructor).Signature);

    [Fact]
    public void Tags_become_words_and_white_space_is_folded()
    {
        var constructor = Member("Cage", MemberKind.Constructor);
        Assert.Equal("Makes a Cage, null aside.\nSee the manual.", constructor.Summary);
        Assert.Equal([new("size", "How large."), new("map", "Who lives where.")], constructor.Parameters);
        Assert.Equal("true if Item left; otherwise, false.", Member("Open", MemberKind.Method).Returns);
        Assert.Equal("A cage of T.", Member("Cage", MemberKind.Type).Summary);
        Assert.Equal("Occurs when Thing opens.", Member("Opened", MemberKind.Event).Summary);
    }

    [Fact]
    public void Alternative_conditions_stand_on_lines_of_their_own() =>
        Assert.Equal(
            [new("ArgumentNullException", "map is null."), new("ArgumentException", "size is odd.\nmap is empty.")],
            Member("Cage", MemberKind.Constructor).Exceptions);

    [Fact]
    public void A_block_of_code_is_no_text() =>
        Assert.Equal("Joins cages.\nBoth stay shut.", Member("op_Addition", MemberKind.Operator).Summary);

    [Fact]
    public void An_explicit_implementation_has_the_simple_name() =>
        Assert.Equal("The number of animals.", Member("Count", MemberKind.Property).Returns);

    [Fact]
    public void A_table_reads_as_term_and_description() =>
        Assert.Equal("Zero: No animals.", Member("Empty", MemberKind.Field).Remarks);

    [Fact]
    public void A_file_that_is_not_XML_is_named_with_its_line()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("Bad.xml", "<doc>\n<members><member name=\"T:A\"><summary>x</doc>");
        var error = Assert.Throws<InvalidDataException>(() => ApiDocsReader.Read(path));
        Assert.StartsWith($"{path}(2,", error.Message);
    }

    [Fact]
    public void The_pinned_packages_are_preferred_and_the_SDKs_packs_are_the_fallback()
    {
        using var folder = new TemporaryFolder();
        var package = folder.Write("cache/netcore/ref/net10.0/A.xml", "<doc/>");
        folder.Write("packs/Microsoft.NETCore.App.Ref/9.0.10/ref/net9.0/A.xml", "<doc/>");
        var newest = folder.Write("packs/Microsoft.NETCore.App.Ref/10.0.2/ref/net10.0/A.xml", "<doc/>");
        var packages = new[] { Path.Combine(folder.Path, "cache/netcore") };
        var packs = Path.Combine(folder.Path, "packs");

        var pinned = ApiDocsSource.Find("1.2.3", packages, packs);
        Assert.Equal((true, "1.2.3", package), (pinned.Pinned, pinned.Version, Assert.Single(pinned.Files)));
        var fallback = ApiDocsSource.Find("1.2.3", [Path.Combine(folder.Path, "cache/none")], packs);
        Assert.Equal((false, "10.0.2", newest), (fallback.Pinned, fallback.Version, Assert.Single(fallback.Files)));
    }

    [Fact]
    public void A_missing_corpus_says_what_to_do()
    {
        using var folder = new TemporaryFolder();
        var packs = Path.Combine(folder.Path, "packs");
        var nothing = Assert.Throws<FileNotFoundException>(() => ApiDocsSource.Find("1.2.3", [Path.Combine(folder.Path, "absent")], packs));
        Assert.Contains("dotnet build", nothing.Message);
        Assert.Contains("NUGET_XMLDOC_MODE", nothing.Message);
        Assert.Contains("a text of your own: a .txt file or a folder", nothing.Message);

        // The package as it is unpacked under NUGET_XMLDOC_MODE=skip.
        folder.Write("cache/ref/net10.0/A.dll", "");
        var stripped = Assert.Throws<FileNotFoundException>(() => ApiDocsSource.Find("1.2.3", [Path.Combine(folder.Path, "cache")], packs));
        Assert.Contains(Path.Combine(folder.Path, "cache"), stripped.Message);
        Assert.Contains("NUGET_XMLDOC_MODE=skip", stripped.Message);
    }

    [Fact]
    public void The_pinned_documentation_is_the_same_for_every_reader()
    {
        var docs = PinnedApiDocs.Value;
        var corpus = PinnedApiDocs.Corpus;
        Assert.Equal("10.0.12", docs.Source.Version);
        Assert.Equal((354, 82_428), (docs.Source.Files.Count, docs.Members.Count));
        Assert.Equal((110_839, 1_235_055L, "3b407c200d43557645a72f9b254ee98c"), (corpus.Sentences.Count, corpus.Words, corpus.Checksum));
    }

    [Fact]
    public void No_tag_is_left_in_any_text_of_the_pinned_documentation()
    {
        foreach (var text in PinnedApiDocs.Value.Members.SelectMany(m => m.Texts))
        {
            Assert.DoesNotContain("<see ", text);
            Assert.DoesNotContain("cref=", text);
            Assert.DoesNotContain("  ", text);
        }
    }

    [Fact]
    public void A_member_of_the_pinned_documentation_is_read_whole()
    {
        var add = PinnedApiDocs.Value.Members.Single(m => m.Id == "M:System.Collections.Generic.Dictionary`2.Add(`0,`1)");
        Assert.Equal(("System.Collections", "System.Collections.Generic", "Dictionary", MemberKind.Method, "Add"), (add.Assembly, add.Namespace, add.Type, add.Kind, add.Name));
        Assert.Equal("Adds the specified key and value to the dictionary.", add.Summary);
        Assert.Equal(["key", "value"], add.Parameters.Select(p => p.Name));
        Assert.Equal(["ArgumentNullException", "ArgumentException"], add.Exceptions.Select(e => e.Type));
    }
}
