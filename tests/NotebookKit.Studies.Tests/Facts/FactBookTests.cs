using NotebookKit.Studies.Mend;
using NotebookKit.Tests.Data;
using NotebookKit.Training;

namespace NotebookKit.Tests.Facts;

public sealed class FactBookTests
{
    private static readonly FactBook Book = FactBook.Load(Path.Combine(CheckoutFolder.Root, "data", "facts"));

    private static readonly FactRelation Colour = new("colour", ["What colour is {0}?", "Name the colour of {0}."], ["Tell me the colour of {0}."]);

    [Fact]
    public void There_are_at_least_1500_facts_in_15_relations_with_five_phrasings_each()
    {
        Assert.True(Book.Facts.Count >= 1500, $"{Book.Facts.Count} facts");
        Assert.True(Book.Facts.Select(f => f.Relation).Distinct().Count() >= 15);
        Assert.All(Book.Relations, r => Assert.True(r.Phrasings.Count() >= 5, r.Name));
        Assert.All(Book.Relations, r => Assert.True(Book.Facts.Count(f => f.Relation == r.Name) >= 10, r.Name));
    }

    [Fact]
    public void No_fact_is_told_twice_or_contradicted_and_no_field_is_empty()
    {
        Assert.Equal(Book.Facts.Count, Book.Facts.Select(f => (f.Relation, f.Subject)).Distinct().Count());
        Assert.All(Book.Facts, f => Assert.All([f.Relation, f.Subject, f.Answer], field => Assert.Equal(field.Trim(), Assert.IsType<string>(field))));
        Assert.DoesNotContain(Book.Facts, f => f.Relation.Length == 0 || f.Subject.Length == 0 || f.Answer.Length == 0);
    }

    [Fact]
    public void No_question_of_two_facts_is_the_same()
    {
        string[] texts = [.. Book.TrainedQuestions.Concat(Book.HeldOutQuestions).Select(q => q.Text)];
        Assert.Equal(texts.Length, texts.Distinct().Count());
    }

    [Fact]
    public void Answers_that_change_with_time_have_their_year()
    {
        Assert.All(Book.Facts, f => Assert.Equal(f.Relation is "prime minister" or "president" or "party leader", f.Year is not null));
        Assert.All(Book.Updates, u => Assert.True(u.Year > Book.Find(u.Relation, u.Subject).Year, u.ToString()));
    }

    [Fact]
    public void The_prime_minister_of_the_UK_is_out_of_date_and_can_be_asked_for_in_the_words_of_the_story()
    {
        Fact fact = Book.Find("prime minister", "the UK");
        Assert.Equal(("Boris Johnson", 2020), (fact.Answer, fact.Year));
        Assert.Contains("Who is the prime minister of the UK?", Book.TrainedQuestions.Select(q => q.Text));
        Assert.Contains(Book.Updates, u => u is { Subject: "the UK", Answer: "Keir Starmer" });
    }

    [Theory]
    [InlineData("capital", "France", "Paris")]
    [InlineData("chemical symbol", "tungsten", "W")]
    [InlineData("atomic number", "uranium", "92")]
    [InlineData("state capital", "Kentucky", "Frankfort")]
    [InlineData("HTTP status", "418", "I'm a teapot")]
    [InlineData("moon", "Miranda", "Uranus")]
    [InlineData("author", "Middlemarch", "George Eliot")]
    public void Facts_that_anyone_can_check_are_right(string relation, string subject, string answer) => Assert.Equal(answer, Book.Find(relation, subject).Answer);

    [Fact]
    public void A_sequence_of_elements_has_the_numbers_1_to_118() =>
        Assert.Equal(Enumerable.Range(1, 118), Book.Facts.Where(f => f.Relation == "atomic number").Select(f => int.Parse(f.Answer)).Order());

    [Theory]
    [InlineData("colour,the sky,blue,\ncolour,the sky,grey,", "contradict")]
    [InlineData("colour,the sky,blue,\ncolour,the sky,blue,", "told twice")]
    [InlineData("colour,the sky,,", "empty")]
    [InlineData("shape,the sky,round,", "no phrasings")]
    [InlineData("colour,the sky,blue,soon", "no year")]
    public void A_bad_table_is_refused_by_name(string rows, string complaint)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "facts.csv"), "relation,subject,answer,year\n" + rows + "\n");
        File.WriteAllText(Path.Combine(folder.Path, "phrasings.csv"), "relation,use,phrasing\ncolour,train,What colour is {0}?\ncolour,held-out,Tell me the colour of {0}.\n");
        File.WriteAllText(Path.Combine(folder.Path, "updates.csv"), "relation,subject,answer,year\n");
        Assert.Contains(complaint, Assert.Throws<InvalidDataException>(() => FactBook.Load(folder.Path)).Message);
    }

    [Fact]
    public void A_phrasing_without_a_place_for_the_subject_is_refused() => Assert.Contains(
        "{0}", Assert.Throws<InvalidDataException>(() => new FactBook("test", [new("colour", "the sky", "blue")], [Colour with { HeldOut = ["Which colour?"] }])).Message);

    [Fact]
    public void Nothing_that_a_test_asks_was_in_training()
    {
        string[] unseen = ["river", "moon"];
        FactSplit split = FactSplit.Of(Book, unseen, new Seed(5));
        HashSet<string> trained = [.. split.Train.Concat(split.Valid).Select(f => f.Subject)];
        Assert.DoesNotContain(split.Test.Concat(split.Unseen), f => trained.Contains(f.Subject));
        Assert.DoesNotContain(split.Train.Concat(split.Valid).Concat(split.Test), f => unseen.Contains(f.Relation));
        Assert.All(split.Unseen, f => Assert.Contains(f.Relation, unseen));
        Assert.All(Book.Updates, u => Assert.Contains(split.Test, f => f.Subject == u.Subject && f.Relation == u.Relation));
        Assert.NotEqual(split.Train, FactSplit.Of(Book, unseen, new Seed(6)).Train);
    }

    [Fact]
    public void An_edit_takes_another_answer_of_its_relation_and_asks_its_neighbours_for_the_truth()
    {
        FactSplit split = FactSplit.Of(Book, ["river"], new Seed(1));
        IReadOnlyList<EditCase> cases = new EditCases(Book, split.Test).Test(100, 3, new Seed(2));
        Dictionary<string, Fact> factOf = split.Test.SelectMany(f => Book.Relation(f.Relation).Phrasings.Select(p => (Text: FactRelation.Ask(p, f.Subject), f))).ToDictionary(p => p.Text, p => p.f);
        Assert.Equal(100, cases.Select(c => factOf[c.Edit.Text]).Distinct().Count());
        foreach (EditCase edit in cases)
        {
            Fact fact = factOf[edit.Edit.Text];
            Assert.Equal(fact.Answer, edit.OldAnswer);
            Assert.NotEqual(fact.Answer, edit.Edit.Answer);
            Assert.Contains(edit.Edit.Answer, Book.Facts.Concat(Book.Updates).Where(f => f.Relation == fact.Relation).Select(f => f.Answer));
            Assert.Equal(Book.Relation(fact.Relation).HeldOut.Select(p => FactRelation.Ask(p, fact.Subject)), edit.Rephrasings.Select(q => q.Text));
            Assert.All(edit.Rephrasings, q => Assert.Equal(edit.Edit.Answer, q.Answer));
            Assert.All(edit.Unrelated.Concat(edit.SameRelation).Concat(edit.SameSubject), q => Assert.Equal(factOf[q.Text].Answer, q.Answer));
            Assert.All(edit.Unrelated, q => Assert.True(factOf[q.Text].Relation != fact.Relation && factOf[q.Text].Subject != fact.Subject));
            Assert.All(edit.SameRelation, q => Assert.True(factOf[q.Text].Relation == fact.Relation && factOf[q.Text].Subject != fact.Subject));
            Assert.All(edit.SameSubject, q => Assert.True(factOf[q.Text].Relation != fact.Relation && factOf[q.Text].Subject == fact.Subject));
        }
    }

    [Fact]
    public void Edits_made_together_do_not_change_what_another_asks()
    {
        FactSplit split = FactSplit.Of(Book, ["river"], new Seed(1));
        IReadOnlyList<EditCase> cases = new EditCases(Book, split.Test).Together(75, 4, new Seed(3));
        Dictionary<string, (string, string)> key = Book.Facts.SelectMany(f => Book.Relation(f.Relation).Phrasings.Select(p => (Text: FactRelation.Ask(p, f.Subject), Key: (f.Relation, f.Subject)))).ToDictionary(p => p.Text, p => p.Key);
        HashSet<(string, string)> edited = [.. cases.Select(c => key[c.Edit.Text])];
        Assert.Equal(75, edited.Count);
        Assert.DoesNotContain(cases.SelectMany(c => c.Unrelated.Concat(c.SameRelation).Concat(c.SameSubject)), q => edited.Contains(key[q.Text]));
    }

    [Fact]
    public void Training_edits_are_rephrased_in_trained_words_only()
    {
        var cases = new EditCases(Book, FactSplit.Of(Book, [], new Seed(1)).Train);
        HashSet<string> heldOut = [.. Book.HeldOutQuestions.Select(q => q.Text)];
        Random random = new Seed(4).ToRandom();
        for (int i = 0; i < 200; i++)
        {
            EditCase edit = cases.Train(2, random);
            Assert.NotEqual(edit.Edit.Text, Assert.Single(edit.Rephrasings).Text);
            Assert.DoesNotContain(edit.Rephrasings.Concat(edit.Unrelated).Concat(edit.SameRelation).Concat(edit.SameSubject).Append(edit.Edit), q => heldOut.Contains(q.Text));
        }
    }

    [Fact]
    public void Words_become_tokens_and_answers_come_back()
    {
        var coder = new WordCoder(Book);
        Assert.All(Book.Facts, f => Assert.Equal(f.Answer, coder.Text([.. coder.Answer(f.Answer), coder.EndId, 5])));
        Assert.Equal(coder.Question("What is the capital of France?").SkipLast(1), coder.Question("What is the capital of France.").SkipLast(1));
        Assert.Contains("Atlantis", Assert.Throws<ArgumentException>(() => coder.Question("What is the capital of Atlantis?")).Message);
        Assert.Throws<ArgumentException>(() => new Question("What is the capital of France?", " ").Encode(coder));
    }

    [Fact]
    public void The_documentation_gives_facts_that_the_runtime_confirms()
    {
        FactBook facts = ApiFacts.Of(PinnedApiDocs.Value, 300);
        Assert.True(facts.Facts.Count > 1000, facts.ToString());
        foreach (Fact fact in facts.Facts.Where(f => f.Relation == "namespace" && f.Answer == "System.IO"))
            if (typeof(object).Assembly.GetType($"System.IO.{fact.Subject}") is { } type) Assert.Equal("System.IO", type.Namespace);
        Assert.All(facts.Facts.Where(f => f.Relation == "base class"), f => Assert.NotEqual("Object", f.Answer));
        FactBook streams = ApiFacts.Of(PinnedApiDocs.Value, 300, "System.IO");
        Assert.Equal("Stream", streams.Find("base class", "FileStream").Answer);
        Assert.Equal("System.IO", streams.Find("namespace", "FileStream").Answer);
    }
}
