"""How long one training step takes: each backend beside plain torch.nn.LSTM and Keras fit, in one run.

    python -m benchmarks.speed                                   all contestants at four sizes, minutes
    python -m benchmarks.speed --size 32,24,32 --rounds 3        a first look, well under a minute
    python -m benchmarks.speed --contestant numpy --contestant torch.nn.LSTM --json speed.json

A step is forward, backward, clipping by global norm and Adam on one batch, float32, one layer, one input
column, horizon 1; a size is hidden units, time steps, batch. Our backends run through `train_batches`, the
way `fit` calls them, AdamW without decay. torch.nn.LSTM is the loop of PyTorch's own tutorials: autograd,
`clip_grad_norm_`, `torch.optim.Adam`. Keras is `compile` and `fit` on ready arrays, timed inside the epoch.

Every contestant has a process of its own with one thread and no GPU, all of them stay up, and the runs
take turns: round by round, size by size. What is printed are medians over the rounds, so that a machine
which slows down for a while slows all of them down. OPENBLAS_CORETYPE is unset in these processes, since
some machines set it to a processor older than they have. Trust the ratios more than the milliseconds.
"""
