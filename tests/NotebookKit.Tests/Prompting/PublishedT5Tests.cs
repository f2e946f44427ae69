using System.Text;
using System.Text.Json;
using NotebookKit.Models;
using NotebookKit.Pretrained;
using NotebookKit.Prompting;
using NotebookKit.Tokenizers;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Prompting;

/// <summary>Folders as T5 1.0, T5 1.1, LM-adapted T5, flan-t5 and T0 are published in, with every quirk of theirs, made small.</summary>
public sealed class PublishedT5Tests : IDisposable
{
    private static readonly (string Text, float Score, int Kind)[] Pieces =
        [("<pad>", 0, 3), ("</s>", 0, 3), ("<unk>", 0, 2), ("\u2581good", -1, 1), ("\u2581", -3, 1), ("bad", -2, 1), ("ly", -2, 1), ("\u2581film", -2.5f, 1)];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Kinds => ["t5 1.0", "t5 1.1", "lm-adapted", "flan-t5", "t0"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_published_folder_gives_the_scores_of_the_model_that_it_was_made_of(string kind)
    {
        using T5ForConditionalGeneration source = Publish(kind);
        using PublishedT5 published = PublishedT5.Load(_folder.Path);
        Assert.Equal(source.Config.TieWordEmbeddings, published.Model.Config.TieWordEmbeddings);
        Assert.False(published.Model.training);
        Assert.Empty(published.Report.Missing);
        Assert.Equal((8, 0, 1), (published.Tokens.Count, published.Tokens.PaddingId, published.Tokens.EndId));

        (string, IReadOnlyList<string>)[] questions = [("good film", ["good", "bad"]), ("badly", ["good", "goodly film", "bad"])];
        var wanted = new RankClassifier(source, published.Tokens).Score(questions);
        var found = new RankClassifier(published.Model, published.Tokens).Score(questions);
        Assert.All(wanted.Zip(found), pair => Assert.All(pair.First.LogProbabilities.Zip(pair.Second.LogProbabilities), p => Assert.Equal(p.First, p.Second, 1e-5)));
    }

    [Fact]
    public void A_tokenizer_json_reads_as_the_spiece_model_that_it_was_made_from()
    {
        WriteSpiece();
        TextTokens model = SentencePieceTokens.Load(_folder.Path);
        File.Delete(_folder.File("spiece.model"));
        WriteTokenizerJson();
        TextTokens json = SentencePieceTokens.Load(_folder.Path);
        Assert.Equal(model.Count, json.Count);
        foreach (string text in (string[])["good badly film", "", "  good \n  film ", "漢字 good仮", "goodgood", "<extra_id_0> film", "</s> bad <pad>", "▁film"])
        {
            Assert.Equal(model.Input(text, 99), json.Input(text, 99));
            Assert.Equal(model.Text(model.Input(text, 99)), json.Text(json.Input(text, 99)));
        }
    }

    [Theory]
    [InlineData("no config", "config.json")]
    [InlineData("no tokenizer", "spiece.model")]
    [InlineData("no weights", "model.safetensors")]
    [InlineData("only pytorch", "pytorch_model.bin")]
    [InlineData("missing shard", "which is not beside it")]
    [InlineData("fewer layers", "has no place for")]
    [InlineData("more layers", "lacks")]
    [InlineData("ungated", "wi_0")]
    [InlineData("tied", "\"tie_word_embeddings\": false")]
    [InlineData("other vocabulary", "lm_head.weight")]
    [InlineData("small vocabulary", "vocab_size of 4")]
    [InlineData("activation", "config.json: the activation 'mish'")]
    [InlineData("bert", "model_type is 'bert'")]
    [InlineData("pointer", "Git LFS")]
    [InlineData("bpe tokenizer", "'BPE'")]
    [InlineData("broken tokenizer", "tokenizer.json")]
    public void A_folder_that_does_not_fit_together_is_refused_with_the_file_and_the_cure(string fault, string named)
    {
        Publish("flan-t5").Dispose();
        string config = _folder.File("config.json");
        void Config(string was, string becomes)
        {
            Assert.Contains(was, File.ReadAllText(config));
            File.WriteAllText(config, File.ReadAllText(config).Replace(was, becomes));
        }
        switch (fault)
        {
            case "no config": File.Delete(config); break;
            case "no tokenizer": File.Delete(_folder.File("spiece.model")); File.Delete(_folder.File("tokenizer.json")); break;
            case "no weights": File.Delete(_folder.File("model.safetensors")); break;
            case "only pytorch": File.Move(_folder.File("model.safetensors"), _folder.File("pytorch_model.bin")); break;
            case "missing shard": Publish("t0").Dispose(); File.Delete(_folder.File("model.safetensors")); File.Delete(_folder.File("model-00002-of-00002.safetensors")); break;
            case "fewer layers": Config("\"num_layers\": 2", "\"num_layers\": 1"); break;
            case "more layers": Config("\"num_layers\": 2", "\"num_layers\": 3"); break;
            case "ungated": Config("gated-gelu", "gelu"); break;
            case "tied": Config("\"tie_word_embeddings\": false", "\"tie_word_embeddings\": true"); break;
            case "other vocabulary": Config("\"vocab_size\": 12", "\"vocab_size\": 16"); break;
            case "small vocabulary": Config("\"vocab_size\": 12", "\"vocab_size\": 4"); break;
            case "activation": Config("gated-gelu", "gated-mish"); break;
            case "bert": Config("\"model_type\": \"t5\"", "\"model_type\": \"bert\""); break;
            case "pointer": File.WriteAllText(_folder.File("spiece.model"), "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 791656\n"); break;
            case "bpe tokenizer": File.Delete(_folder.File("spiece.model")); _folder.Write("tokenizer.json", """{ "model": { "type": "BPE", "vocab": {} } }"""); break;
            case "broken tokenizer": File.Delete(_folder.File("spiece.model")); _folder.Write("tokenizer.json", """{ "model": { "type": "Unigram" """); break;
        }
        Exception error = Assert.ThrowsAny<Exception>(() => PublishedT5.Load(_folder.Path));
        Assert.True(error is InvalidDataException or FileNotFoundException, error.ToString());
        Assert.Contains(named, error.Message);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named() =>
        Assert.Contains("/nowhere/t0", Assert.Throws<DirectoryNotFoundException>(() => PublishedT5.Load("/nowhere/t0")).Message);

    public void Dispose() => _folder.Dispose();

    /// <summary>Writes a folder and gives the model that is in it.</summary>
    private T5ForConditionalGeneration Publish(string kind)
    {
        bool old = kind == "t5 1.0";
        var config = new T5Config
        {
            VocabSize = 12, // more rows than the tokenizer has pieces, as 32,128 against 32,000 and 100 sentinels
            DModel = 16,
            DKv = 6,
            DFf = 24,
            NumLayers = 2,
            NumDecoderLayers = kind == "t0" ? 1 : null,
            NumHeads = 2,
            FeedForwardProj = old ? "relu" : "gated-gelu",
            TieWordEmbeddings = old,
        };
        var model = new T5ForConditionalGeneration(config, seed: 11);
        model.eval();
        var fields = new List<string>
        {
            "\"architectures\": [\"T5ForConditionalGeneration\"]", "\"model_type\": \"t5\"", "\"vocab_size\": 12", "\"d_model\": 16", "\"d_kv\": 6", "\"d_ff\": 24", "\"num_layers\": 2",
            "\"num_heads\": 2", "\"relative_attention_num_buckets\": 32", "\"dropout_rate\": 0.1", "\"layer_norm_epsilon\": 1e-06", "\"is_encoder_decoder\": true", "\"pad_token_id\": 0", "\"eos_token_id\": 1",
            "\"initializer_factor\": 1.0", "\"use_cache\": true",
        };
        // Version 1.0 says nothing of its activation, its head or its largest distance; task parameters are passed over.
        if (old) fields.AddRange(["\"n_positions\": 512", "\"decoder_start_token_id\": 0", "\"task_specific_params\": { \"summarization\": { \"num_beams\": 4 } }"]);
        else fields.AddRange(["\"feed_forward_proj\": \"gated-gelu\"", "\"tie_word_embeddings\": false"]);
        if (kind == "flan-t5") fields.AddRange(["\"dense_act_fn\": \"gelu_new\"", "\"is_gated_act\": true", "\"relative_attention_max_distance\": 128", "\"n_positions\": 512", "\"decoder_start_token_id\": 0", "\"num_decoder_layers\": 2"]);
        if (kind == "t0") fields.AddRange(["\"num_decoder_layers\": 1", "\"gradient_checkpointing\": false", "\"torch_dtype\": \"bfloat16\""]); // and no start token
        if (kind == "lm-adapted") fields.AddRange(["\"num_decoder_layers\": null", "\"decoder_start_token_id\": null", "\"output_past\": true"]);
        _folder.Write("config.json", "{" + string.Join(", ", fields) + "}");

        using var scope = NewDisposeScope();
        if (kind == "t0")
            using (no_grad())
                foreach (Tensor parameter in model.parameters()) parameter.copy_(parameter.to(ScalarType.BFloat16));
        var weights = model.named_parameters().Select(p => (p.name, Value: (Tensor)p.parameter)).ToList();
        Tensor shared = weights.Single(w => w.name == "shared.weight").Value;
        switch (kind)
        {
            case "t5 1.0": // embeddings under all their names, the head among them, and a bias that nothing reads
                weights.AddRange([("encoder.embed_tokens.weight", shared), ("decoder.embed_tokens.weight", shared), ("lm_head.weight", shared), ("decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight", ones(32, 2))]);
                Safetensors.Write(_folder.File("model.safetensors"), weights);
                break;
            case "lm-adapted": // the shared embedding only under the encoder's name
                Safetensors.Write(_folder.File("model.safetensors"), weights.Select(w => (w.name == "shared.weight" ? "encoder.embed_tokens.weight" : w.name, w.Value)));
                break;
            case "t0": // half precision in shards with their index
                WriteShards([.. weights.Select(w => (w.name, w.Value.to(ScalarType.BFloat16)))]);
                break;
            default:
                Safetensors.Write(_folder.File("model.safetensors"), weights);
                break;
        }
        if (kind != "lm-adapted") WriteSpiece();
        if (kind is "lm-adapted" or "flan-t5") WriteTokenizerJson();
        return model;
    }

    private void WriteShards(List<(string Name, Tensor Value)> weights)
    {
        var fileOf = new Dictionary<string, string>();
        for (int shard = 0; shard < 2; shard++)
        {
            string file = $"model-{shard + 1:D5}-of-00002.safetensors";
            var part = weights.Where((_, i) => i * 2 / weights.Count == shard).ToList();
            foreach (var (name, _) in part) fileOf.Add(name, file);
            Safetensors.Write(_folder.File(file), part);
        }
        _folder.Write("model.safetensors.index.json", JsonSerializer.Serialize(new { metadata = new { total_size = 1 }, weight_map = fileOf }));
    }

    private void WriteSpiece()
    {
        using var file = File.Create(_folder.File("spiece.model"));
        foreach (var (piece, score, type) in Pieces)
        {
            byte[] text = Encoding.UTF8.GetBytes(piece);
            byte[] message = [0x0A, (byte)text.Length, .. text, 0x15, .. BitConverter.GetBytes(score), 0x18, (byte)type];
            file.Write([0x0A, (byte)message.Length, .. message]);
        }
        // model_type unigram, and the ids of unk, bos (none), eos and pad.
        byte[] trainer = [0x18, 1, 0xC0, 0x02, 2, 0xC8, 0x02, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 0xD0, 0x02, 1, 0xD8, 0x02, 0];
        file.Write([0x12, (byte)trainer.Length, .. trainer]);
        byte[] normalizer = [0x0A, 8, .. "identity"u8, 0x18, 1, 0x20, 1, 0x28, 1];
        file.Write([0x1A, (byte)normalizer.Length, .. normalizer]);
    }

    private void WriteTokenizerJson()
    {
        object[] vocabulary = [.. Pieces.Select(p => new object[] { p.Text, p.Score }), new object[] { "<extra_id_1>", 0.0 }, new object[] { "<extra_id_0>", 0.0 }];
        string[] added = ["<pad>", "</s>", "<unk>", "<extra_id_1>", "<extra_id_0>"];
        _folder.Write("tokenizer.json", JsonSerializer.Serialize(new
        {
            version = "1.0",
            added_tokens = added.Select((content, i) => new { id = i < 3 ? i : Pieces.Length + i - 3, content, special = true }),
            normalizer = (object?)null,
            pre_tokenizer = new { type = "Metaspace", replacement = "\u2581", add_prefix_space = true },
            model = new { type = "Unigram", unk_id = 2, vocab = vocabulary },
        }));
    }
}
